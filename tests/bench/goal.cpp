// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace sockledger::bench {
namespace {

std::string with_unit(double value, const std::string& unit) {
    char text[40];
    std::snprintf(text, sizeof text, "%.4g", value);
    return unit.empty() ? text : text + (" " + unit);
}

} // namespace

std::string judge(const Goal& goal, double figure) {
    const bool reached = goal.at_least ? figure >= goal.limit : figure < goal.limit;
    const std::string limit = (goal.at_least ? ">= " : "< ") + with_unit(goal.limit, goal.unit);
    const std::string verdict = reached ? "reached" : "MISSED";
    if (const char* file = std::getenv("SOCKLEDGER_BENCH_GOALS"))
        std::ofstream(file, std::ios::app)
            << goal.what << '\t' << with_unit(figure, goal.unit) << '\t' << limit << '\t' << verdict << '\n';
    return limit + " " + verdict;
}

} // namespace sockledger::bench
