// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/link_stats_codec.hpp"

#include <linux/if_link.h>

namespace sockledger {

LinkStats decode_link_stats64(Bytes value) {
    const auto raw = read_prefix<rtnl_link_stats64>(value);
    return {
        .rx_bytes = raw.rx_bytes,
        .tx_bytes = raw.tx_bytes,
        .rx_packets = raw.rx_packets,
        .tx_packets = raw.tx_packets,
        .rx_errors = raw.rx_errors,
        .tx_errors = raw.tx_errors,
        .rx_dropped = raw.rx_dropped,
        .tx_dropped = raw.tx_dropped,
    };
}

std::optional<LinkStatsRow> decode_link_stats(Bytes payload) {
    const auto header = read_prefix<if_stats_msg>(payload);
    if (payload.size() < sizeof header || header.ifindex == 0) {
        return std::nullopt;
    }
    std::optional<LinkStatsRow> row;
    for_each_attribute(attributes_of<if_stats_msg>(payload), [&](std::uint16_t type, Bytes value) {
        if (type == IFLA_STATS_LINK_64) {
            row = LinkStatsRow{header.ifindex, decode_link_stats64(value)};
        }
    });
    return row;
}

} // namespace sockledger
