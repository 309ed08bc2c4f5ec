// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/calendar.hpp"

#include <sockledger/history.hpp>

#include <algorithm>

namespace sockledger {

using std::chrono::days;
using std::chrono::seconds;

namespace {

/// The local time of some months around `now`.
Calendar calendar_around(seconds now) {
    Calendar calendar({}, now - days(70));
    calendar.extend(now);
    return calendar;
}

TimeWindow interval(Tier tier, seconds now) {
    const Calendar calendar = calendar_around(now);
    return {calendar.begin(tier, now), calendar.next(tier, now)};
}

} // namespace

TimeWindow last(seconds duration, seconds now) {
    return {now - duration, now};
}

TimeWindow today(seconds now) {
    return interval(Tier::Day, now);
}

TimeWindow this_month(seconds now) {
    return interval(Tier::Month, now);
}

TimeWindow this_cycle(int day, seconds now) {
    using namespace std::chrono;
    const Calendar calendar = calendar_around(now);
    const auto begin_in = [&](year_month month) {
        const auto last = (month / std::chrono::last).day();
        const std::chrono::day wanted(static_cast<unsigned>(std::clamp(day, 1, 31)));
        // No offset changes so much that noon is on another day
        const seconds noon = sys_days(month / std::min(wanted, last)).time_since_epoch() + hours(12);
        return calendar.begin(Tier::Day, noon - calendar.offset(noon));
    };
    const year_month_day date(sys_days(floor<std::chrono::days>(now + calendar.offset(now))));
    year_month month = date.year() / date.month();
    if (begin_in(month) > now)
        month -= months(1);
    return {begin_in(month), begin_in(month + months(1))};
}

std::string_view to_string(UsageBucket::Unit unit) {
    switch (unit) {
    case UsageBucket::Unit::Whole:
        return "whole";
    case UsageBucket::Unit::Seconds:
        return "seconds";
    case UsageBucket::Unit::Hour:
        return "hour";
    case UsageBucket::Unit::Day:
        return "day";
    case UsageBucket::Unit::Month:
        return "month";
    }
    return "?";
}

std::string_view to_string(UsageGroup group) {
    switch (group) {
    case UsageGroup::Total:
        return "total";
    case UsageGroup::App:
        return "app";
    case UsageGroup::Interface:
        return "interface";
    case UsageGroup::AppInterface:
        return "app_interface";
    }
    return "?";
}

} // namespace sockledger
