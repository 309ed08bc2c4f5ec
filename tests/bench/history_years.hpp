// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <cstddef>
#include <string>

/// Databases of a size that takes years to record.
namespace sockledger::bench {

struct Years {
    std::chrono::seconds now{2'099'828'245}; ///< 2036-07-16 14:37:25 in Europe/Berlin
    std::size_t apps = 200;
    std::size_t interfaces = 5;
    std::string description =
        "10 years, 200 apps x 5 interfaces (2 in the total): each pair has a row every day, half of them "
        "every\n"
        "hour of the last 90 days, a quarter every minute of the last 2 days; rows come in any order of apps";
};

std::string app_name(std::size_t number);
std::string interface_name(std::size_t number);

/// Ten years of history up to `now`, in rows as the Store writes them. The amounts are random, each tier
/// for itself.
void make_years(const std::string& path, const Years& years);

/// A day up to `now` with a row for each app and second, 20 apps at a time, indexed by second.
void make_raw_rows(const std::string& path, const Years& years);

} // namespace sockledger::bench
