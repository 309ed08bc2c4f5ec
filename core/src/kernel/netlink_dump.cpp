// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netlink_dump.hpp"

#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

namespace sockledger {

namespace {

/// The kernel fills datagrams of up to 32 KiB when the reader takes that much.
constexpr std::size_t usual_datagram = 64 << 10;
constexpr int attempts = 5;

/// NLMSG_ERROR and NLMSG_DONE begin with a negative errno, or zero.
int errno_of(Bytes payload) {
    const int code = read_prefix<int>(payload);
    return code < 0 && code > -4096 ? -code : 0;
}

} // namespace

NetlinkDump::NetlinkDump(std::unique_ptr<NetlinkTransport> transport)
    : transport_(std::move(transport)), buffer_(usual_datagram) {}

Result<void> NetlinkDump::send(std::uint16_t type, std::uint16_t flags, Bytes request) {
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + request.size());
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    header.nlmsg_seq = ++sequence_;
    const Bytes head = bytes_of(header);
    std::vector<std::byte> message(head.begin(), head.end());
    message.insert(message.end(), request.begin(), request.end());
    return transport_->send(message);
}

Result<NetlinkDump::State> NetlinkDump::run(std::uint16_t type, Bytes request, const Visit& visit) {
    if (auto sent = send(type, NLM_F_DUMP, request); !sent) {
        return sent.error();
    }
    return receive_until_done(visit);
}

Result<void> NetlinkDump::ask(std::uint16_t type, Bytes request, const Visit& visit) {
    if (auto sent = send(type, NLM_F_ACK, request); !sent) {
        return sent.error();
    }
    const auto done = receive_until_done(visit);
    return done ? Result<void>() : done.error();
}

Result<NetlinkDump::State> NetlinkDump::receive_until_done(const Visit& visit) {
    State state = State::Consistent;
    std::optional<int> end; // errno, 0 for a dump that came to its end
    while (!end) {
        const auto size = transport_->receive(buffer_);
        if (!size) {
            return size.error();
        }
        const bool whole =
            for_each_message(Bytes(buffer_).first(*size), [&](const nlmsghdr& header, Bytes payload) {
                if (header.nlmsg_seq != sequence_ || end) {
                    return;
                }
                if (header.nlmsg_flags & NLM_F_DUMP_INTR) {
                    state = State::Interrupted;
                }
                if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) {
                    end = errno_of(payload);
                } else if (header.nlmsg_type >= NLMSG_MIN_TYPE) {
                    visit(header.nlmsg_type, payload);
                }
            });
        malformed_ += !whole;
    }
    if (*end) {
        return Error{"netlink: the kernel refuses the request: " + std::generic_category().message(*end),
                     *end};
    }
    return state;
}

Result<NetlinkDump::State> NetlinkDump::run_until_consistent(std::uint16_t type, Bytes request,
                                                             const std::function<void()>& start,
                                                             const Visit& visit) {
    Result<State> state = State::Interrupted;
    for (int attempt = 0; attempt < attempts && state && *state == State::Interrupted; ++attempt) {
        start();
        state = run(type, request, visit);
    }
    return state;
}

} // namespace sockledger
