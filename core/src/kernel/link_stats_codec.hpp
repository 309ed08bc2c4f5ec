// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_message.hpp"
#include "samplers/reading.hpp"

#include <optional>

/// The counters of links: struct rtnl_link_stats64, and RTM_NEWSTATS that carries it. Threads: any.
namespace sockledger {

/// Of IFLA_STATS64 or IFLA_STATS_LINK_64; older kernels have shorter ones.
LinkStats decode_link_stats64(Bytes value);

struct LinkStatsRow {
    std::uint32_t ifindex = 0;
    LinkStats stats;
};

/// Nothing when the payload has no index or no counters.
std::optional<LinkStatsRow> decode_link_stats(Bytes payload);

} // namespace sockledger
