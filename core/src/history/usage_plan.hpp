// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/amount.hpp"
#include "history/calendar.hpp"

#include <sockledger/history.hpp>

#include <chrono>
#include <vector>

/// Which intervals of which tier answer a question. Threads: any.
namespace sockledger {

struct UsageSegment {
    Tier tier = Tier::Second;
    std::chrono::seconds from{};
    std::chrono::seconds to{};
    bool operator==(const UsageSegment&) const = default;
};

struct UsagePlan {
    std::vector<UsageSegment> segments; ///< one after the other
    TimeWindow window;                  ///< what they cover
    std::chrono::seconds step{};        ///< Usage::step
};

/// As ends of a window: before and after everything, where no interval is cut.
inline constexpr std::chrono::seconds since_ever{0};
inline constexpr std::chrono::seconds for_ever{253'402'300'800}; // the year 10000

/// The coarsest tier whose intervals lie whole in the buckets.
Tier coarsest_tier(const UsageBucket& bucket, const Calendar& calendar);

/// As coarse as possible within the window, finer where an end cuts an interval, and wider than the window
/// where the finer one is not kept any more.
UsagePlan plan_usage(const TimeWindow& window, Tier coarsest, const Calendar& calendar,
                     const Horizons& horizons);

} // namespace sockledger
