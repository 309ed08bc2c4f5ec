// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/route_codec.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sockledger {

namespace {

bool may_be_default(Bytes payload, const rtmsg& header) {
    return payload.size() >= sizeof header && header.rtm_dst_len == 0 && header.rtm_src_len == 0 &&
           header.rtm_type == RTN_UNICAST && (header.rtm_flags & (RTM_F_CLONED | RTNH_F_DEAD)) == 0 &&
           (header.rtm_family == AF_INET || header.rtm_family == AF_INET6);
}

void add_next_hops(Bytes hops, std::vector<std::uint32_t>& interfaces) {
    while (hops.size() >= sizeof(rtnexthop)) {
        const auto hop = read_prefix<rtnexthop>(hops);
        if (hop.rtnh_len < sizeof hop || hop.rtnh_len > hops.size()) {
            return;
        }
        if (hop.rtnh_ifindex > 0 && (hop.rtnh_flags & RTNH_F_DEAD) == 0) {
            interfaces.push_back(static_cast<std::uint32_t>(hop.rtnh_ifindex));
        }
        hops = hops.subspan(netlink_stride(hop.rtnh_len, hops.size()));
    }
}

} // namespace

std::vector<std::uint32_t> decode_default_route(Bytes payload) {
    const auto header = read_prefix<rtmsg>(payload);
    std::vector<std::uint32_t> interfaces;
    if (!may_be_default(payload, header)) {
        return interfaces;
    }
    std::uint32_t table = header.rtm_table;
    for_each_attribute(attributes_of<rtmsg>(payload), [&](std::uint16_t type, Bytes value) {
        if (type == RTA_TABLE) {
            table = read_prefix<std::uint32_t>(value);
        } else if (type == RTA_OIF) {
            interfaces.push_back(read_prefix<std::uint32_t>(value));
        } else if (type == RTA_MULTIPATH) {
            add_next_hops(value, interfaces);
        }
    });
    if (table != RT_TABLE_MAIN) {
        interfaces.clear();
    }
    return interfaces;
}

} // namespace sockledger
