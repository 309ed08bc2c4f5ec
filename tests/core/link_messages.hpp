// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "core/netlink_builder.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

/// Hand-built payloads of rtnetlink messages.
namespace sockledger::test {

struct LinkHeader {
    int ifindex = 0;
    unsigned short type = 1;
    unsigned flags = 0;
    unsigned char family = 0;
};

inline Buffer link_message(const LinkHeader& link, Bytes attributes) {
    ifinfomsg header{};
    header.ifi_family = link.family;
    header.ifi_type = link.type;
    header.ifi_index = link.ifindex;
    header.ifi_flags = link.flags;
    return Buffer() + bytes_of(header) + attributes;
}

inline Buffer stats_message(std::uint32_t ifindex, Bytes attributes) {
    if_stats_msg header{};
    header.ifindex = ifindex;
    return Buffer() + bytes_of(header) + attributes;
}

inline Buffer address_message(int family, int prefix_length, std::uint32_t ifindex, Bytes attributes) {
    ifaddrmsg header{};
    header.ifa_family = static_cast<unsigned char>(family);
    header.ifa_prefixlen = static_cast<unsigned char>(prefix_length);
    header.ifa_index = ifindex;
    return Buffer() + bytes_of(header) + attributes;
}

/// A default route of the main table, IPv4.
inline Buffer route_message(Bytes attributes) {
    rtmsg header{};
    header.rtm_family = AF_INET;
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_type = RTN_UNICAST;
    return Buffer() + bytes_of(header) + attributes;
}

inline Buffer next_hop(int ifindex, unsigned char flags = 0, Bytes attributes = {}) {
    rtnexthop header{};
    header.rtnh_len = static_cast<unsigned short>(sizeof header + attributes.size());
    header.rtnh_flags = flags;
    header.rtnh_ifindex = ifindex;
    return Buffer() + bytes_of(header) + attributes;
}

/// Counters 1, 2, 3, ... in the order of the kernel's struct.
inline rtnl_link_stats64 some_stats() {
    rtnl_link_stats64 stats{};
    stats.rx_packets = 1;
    stats.tx_packets = 2;
    stats.rx_bytes = 3;
    stats.tx_bytes = 4;
    stats.rx_errors = 5;
    stats.tx_errors = 6;
    stats.rx_dropped = 7;
    stats.tx_dropped = 8;
    return stats;
}

} // namespace sockledger::test
