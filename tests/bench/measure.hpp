// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <cstddef>
#include <ctime>
#include <string>
#include <vector>

namespace sockledger::bench {

/// What repeated runs gave. Other programs use the machine too, so the median speaks for all runs.
struct Spread {
    double median = 0;
    double min = 0;
    double max = 0;
    std::size_t runs = 0;
};

/// All zero without values.
Spread spread_of(std::vector<double> values);

/// "14.2 (13.0-15.9)" with so many decimals; "-" without runs.
std::string to_string(const Spread& spread, int decimals);

struct Cost {
    double wall_ms = 0;
    double cpu_ms = 0;
};

/// The CPU time that the calling process has used, all threads, in the kernel and outside.
inline double process_cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// What `work` costs this process.
template<typename Work>
Cost cost_of(Work&& work) {
    using Clock = std::chrono::steady_clock;
    const double cpu = process_cpu_ms();
    const auto begin = Clock::now();
    work();
    const std::chrono::duration<double, std::milli> wall = Clock::now() - begin;
    return {wall.count(), process_cpu_ms() - cpu};
}

/// How often to measure: `usual`, unless the environment says SOCKLEDGER_BENCH_ROUNDS.
std::size_t rounds(std::size_t usual);

} // namespace sockledger::bench
