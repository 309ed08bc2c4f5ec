// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>

namespace sockledger::bench {

/// What a figure is to be. `run` prints all goals as one table at its end, and fails when one is missed.
struct Goal {
    std::string what;
    double limit = 0;
    std::string unit = {};
    bool at_least = false; ///< else below
};

/// "< 0.5 % reached", or MISSED. Is also a line of the file that SOCKLEDGER_BENCH_GOALS names.
std::string judge(const Goal& goal, double figure);

} // namespace sockledger::bench
