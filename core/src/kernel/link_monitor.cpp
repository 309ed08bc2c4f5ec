// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/link_monitor.hpp"

#include "kernel/link_codec.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace sockledger {

namespace {

/// A flood that outpaces its reader must not hold it for ever.
constexpr int most_notices = 100000;

void add_route_notice(Bytes payload, LinkChanges& changes) {
    const auto header = read_prefix<rtmsg>(payload);
    changes.routes |= header.rtm_dst_len == 0 && header.rtm_type == RTN_UNICAST;
}

void add_link_notice(std::uint16_t type, Bytes payload, LinkChanges& changes) {
    const LinkNotice notice = decode_link_notice(type, payload);
    if (notice.about_device) {
        changes.links = true;
        // A device that goes down takes its IPv4 routes with it, without a notice for each.
        changes.routes = true;
    }
    if (notice.deleted_ifindex != 0) {
        changes.deleted.push_back(notice.deleted_ifindex);
    }
}

/// A router with a full table hears of hundreds of routes a second, none of which concerns us.
void pass_default_routes_only(int fd) {
    constexpr auto type_at = offsetof(nlmsghdr, nlmsg_type);
    constexpr auto dst_len_at = sizeof(nlmsghdr) + offsetof(rtmsg, rtm_dst_len);
    // A filter loads in network byte order what netlink writes in the machine's own.
    std::array<sock_filter, 7> program{{
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, type_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 2),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, dst_len_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    // Without it we are woken more often, and that is all.
    ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

} // namespace

void add_link_notices(Bytes datagram, LinkChanges& changes) {
    for_each_message(datagram, [&](const nlmsghdr& header, Bytes payload) {
        switch (header.nlmsg_type) {
        case RTM_NEWLINK:
        case RTM_DELLINK:
            add_link_notice(header.nlmsg_type, payload, changes);
            break;
        case RTM_NEWADDR:
        case RTM_DELADDR:
            changes.addresses = true;
            break;
        case RTM_NEWROUTE:
        case RTM_DELROUTE:
            add_route_notice(payload, changes);
            break;
        default:
            break;
        }
    });
}

LinkMonitor::LinkMonitor(std::unique_ptr<NetlinkTransport> transport) : transport_(std::move(transport)) {}

LinkChanges LinkMonitor::drain() {
    LinkChanges changes;
    for (int notice = 0; notice < most_notices; ++notice) {
        const auto size = transport_->receive(buffer_);
        if (size) {
            add_link_notices(Bytes(buffer_).first(*size), changes);
        } else if (size.error().code == EAGAIN) {
            return changes;
        } else {
            // ENOBUFS: notices were dropped, those that are still queued may be read. Another error:
            // no notice will ever come, so everything is read each time.
            changes.links = changes.addresses = changes.routes = changes.lost = true;
            if (size.error().code != ENOBUFS) {
                return changes;
            }
        }
    }
    return changes;
}

Result<NetlinkSocket> LinkMonitor::subscribe() {
    auto socket =
        NetlinkSocket::subscribe(NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
                                                    RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
    if (socket) {
        pass_default_routes_only(socket->fd());
    }
    return socket;
}

} // namespace sockledger
