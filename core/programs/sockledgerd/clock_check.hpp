// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <chrono>
#include <optional>

namespace sockledger::daemon {

/// Whether the wall clock can be trusted to say what is old. A clock that leaps a year ahead, perhaps for
/// a minute, must not have history throw away what it keeps for two days. Threads: one at a time.
class ClockCheck {
public:
    /// CLOCK_REALTIME has gone along with CLOCK_BOOTTIME for some minutes.
    bool is_steady(const Instant& now);

private:
    static constexpr std::chrono::minutes long_enough{10};
    static constexpr std::chrono::minutes tolerance{1}; ///< for a clock that is being slewed

    std::optional<std::chrono::nanoseconds> offset_; ///< CLOCK_REALTIME less CLOCK_BOOTTIME
    std::chrono::nanoseconds since_{};               ///< CLOCK_BOOTTIME
};

} // namespace sockledger::daemon
