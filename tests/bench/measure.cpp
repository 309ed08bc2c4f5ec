// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/measure.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace sockledger::bench {

Spread spread_of(std::vector<double> values) {
    if (values.empty())
        return {};
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back(), values.size()};
}

std::string to_string(const Spread& spread, int decimals) {
    if (spread.runs == 0)
        return "-";
    char text[80];
    std::snprintf(text, sizeof text, "%.*f (%.*f-%.*f)", decimals, spread.median, decimals, spread.min,
                  decimals, spread.max);
    return text;
}

std::size_t rounds(std::size_t usual) {
    const char* wanted = std::getenv("SOCKLEDGER_BENCH_ROUNDS");
    const long number = wanted ? std::strtol(wanted, nullptr, 10) : 0;
    return number > 0 ? static_cast<std::size_t>(number) : usual;
}

} // namespace sockledger::bench
