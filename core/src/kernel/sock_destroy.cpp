// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/sock_destroy.hpp"

#include "kernel/inet_diag_codec.hpp"

#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <cerrno>

namespace sockledger {

namespace {

/// A flood that outpaces its reader must not hold it for ever.
constexpr int most_notices = 100'000;

constexpr unsigned bit_of(unsigned group) {
    return 1U << (group - 1);
}

} // namespace

SockDestroy::SockDestroy(std::unique_ptr<NetlinkTransport> transport) : transport_(std::move(transport)) {}

Result<NetlinkSocket> SockDestroy::subscribe() {
    return NetlinkSocket::subscribe(NETLINK_SOCK_DIAG,
                                    bit_of(SKNLGRP_INET_TCP_DESTROY) | bit_of(SKNLGRP_INET6_TCP_DESTROY));
}

void SockDestroy::read(Bytes datagram, std::vector<SocketRecord>& closed) {
    const bool whole = for_each_message(datagram, [&](const nlmsghdr& header, Bytes payload) {
        if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) {
            return;
        }
        const auto socket = parse_inet_diag(payload, Protocol::Tcp);
        if (!socket) {
            ++lost_;
        } else if (socket->tcp_rx_bytes > 0 || socket->tcp_tx_bytes > 0) {
            closed.push_back(*socket);
        }
    });
    lost_ += !whole;
}

bool SockDestroy::drain(std::vector<SocketRecord>& closed) {
    bool complete = true;
    for (int notice = 0; notice < most_notices; ++notice) {
        const auto size = transport_->receive(buffer_);
        if (size) {
            read(Bytes(buffer_).first(*size), closed);
        } else if (size.error().code == ENOBUFS) {
            // Those that are still queued can be read.
            ++lost_;
            complete = false;
        } else {
            return complete && size.error().code == EAGAIN;
        }
    }
    return false;
}

} // namespace sockledger
