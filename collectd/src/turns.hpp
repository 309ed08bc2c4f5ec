// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <algorithm>
#include <chrono>

namespace sockledger::collectd {

/// When to sample so that each read finds a fresh sample and waits for none: shortly before the next read.
/// Threads: one at a time.
class Turns {
public:
    using Time = std::chrono::steady_clock::time_point;

    Turns(std::chrono::nanoseconds interval, Time now) : interval_(interval), due_(now) {}

    /// A sample begins.
    void sample(Time now) { due_ = now + interval_; }
    /// collectd has read.
    void read(Time now) { due_ = now + interval_ - std::min(interval_ / 4, most_ahead); }
    Time due() const { return due_; }

private:
    static constexpr std::chrono::nanoseconds most_ahead = std::chrono::seconds(1);

    std::chrono::nanoseconds interval_;
    Time due_;
};

} // namespace sockledger::collectd
