// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace sockledger {

/// Bytes per second between two totals. Absent without a total before, when the total fell, and when
/// no time passed on CLOCK_BOOTTIME (or the clock went back). The one place that computes rates.
/// Threads: any.
std::optional<double> rate(std::optional<std::uint64_t> before, std::uint64_t now,
                           std::chrono::nanoseconds interval);

/// What a counter of the kernel did between two readings.
struct CounterStep {
    std::uint64_t delta = 0; ///< to add to a total; 0 after a reset
    bool reset = false;      ///< the counter began anew: how far it had come before is not known
    bool operator==(const CounterStep&) const = default;
};

/// A counter that falls has been reset, unless it is one of 32 bits that ran over: then it was in
/// the last quarter of its range and is now in the first. Threads: any.
CounterStep counter_step(std::uint64_t before, std::uint64_t now);

} // namespace sockledger
