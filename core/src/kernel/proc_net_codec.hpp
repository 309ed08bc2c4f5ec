// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The text tables of /proc/net, read when netlink is denied. Threads: any.
namespace sockledger {

struct ProcNetDev {
    struct Row {
        std::string name; ///< as in the file, any bytes but '/', ':' and white space
        LinkStats stats;  ///< rx_dropped with rx_missed_errors, which netlink counts apart
    };
    std::vector<Row> rows;
    std::uint64_t bad_lines = 0;
};

/// /proc/net/dev.
ProcNetDev decode_proc_net_dev(std::string_view text);

/// Names of the interfaces with a default route, from /proc/net/route (the main table) or from
/// /proc/net/ipv6_route (which mixes the tables).
std::vector<std::string> decode_proc_net_route(std::string_view text);
std::vector<std::string> decode_proc_net_ipv6_route(std::string_view text);

} // namespace sockledger
