// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/calendar.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace sockledger {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// How far beyond the present a question may go and still meet the right days.
constexpr seconds ahead = days(40);

/// The begin of an interval on the wall clock, which has no offset and never jumps.
seconds wall_begin(Tier tier, seconds wall) {
    switch (tier) {
    case Tier::Second:
        return wall;
    case Tier::Minute:
        return floor<minutes>(wall);
    case Tier::Hour:
        return floor<hours>(wall);
    case Tier::Day:
        return floor<days>(wall);
    case Tier::Month:
    case Tier::Year:
        break;
    }
    const std::chrono::year_month_day date(std::chrono::sys_days(floor<days>(wall)));
    const auto month = tier == Tier::Year ? std::chrono::January : date.month();
    return std::chrono::sys_days(date.year() / month / 1).time_since_epoch();
}

/// At least as long as an interval on the wall clock, shorter than two.
constexpr seconds probe_length(Tier tier) {
    constexpr std::array<seconds, 6> lengths{seconds(1), minutes(1), hours(1), days(1), days(31), days(366)};
    return lengths[static_cast<std::size_t>(tier)];
}

} // namespace

seconds local_offset(seconds time) {
    const auto at = static_cast<std::time_t>(time.count());
    std::tm local{};
    // Minutes nest in every interval only if no offset has seconds; the last one that had is of 1972
    return localtime_r(&at, &local) ? seconds(floor<minutes>(seconds(local.tm_gmtoff))) : seconds(0);
}

Calendar::Calendar(std::vector<Offset> lived, seconds until, OffsetAt offset_at)
    : offsets_(std::move(lived)), until_(std::chrono::ceil<minutes>(until)), offset_at_(offset_at) {
    if (offsets_.empty())
        offsets_.push_back({until_, offset_at_(until_)});
    else if (const seconds present = offset_at_(until_); present != offsets_.back().offset)
        offsets_.push_back({until_, present}); // the zone has changed since
}

void Calendar::extend(seconds time) {
    if (time <= until_)
        return;
    const seconds end = floor<minutes>(time) + ahead;
    while (until_ < end) {
        const seconds to = std::min(until_ + days(1), end);
        const seconds after = offset_at_(to);
        if (const seconds before = offsets_.back().offset; after != before) {
            seconds low = until_;
            seconds high = to;
            while (high - low > minutes(1)) {
                const seconds middle = low + floor<minutes>((high - low) / 2);
                (offset_at_(middle) == before ? low : high) = middle;
            }
            offsets_.push_back({high, after});
        }
        until_ = to;
    }
}

std::size_t Calendar::segment(seconds time) const {
    const auto after = std::upper_bound(offsets_.begin(), offsets_.end(), time,
                                        [](seconds t, const Offset& o) { return t < o.since; });
    return after == offsets_.begin() ? 0 : static_cast<std::size_t>(after - offsets_.begin()) - 1;
}

seconds Calendar::offset(seconds time) const {
    return offsets_[segment(time)].offset;
}

bool Calendar::whole_hours() const {
    return std::all_of(offsets_.begin(), offsets_.end(),
                       [](const Offset& o) { return o.offset % hours(1) == seconds(0); });
}

seconds Calendar::begin(Tier tier, seconds time) const {
    for (std::size_t at = segment(time);; --at) {
        const auto [since, offset] = offsets_[at];
        const seconds wall = wall_begin(tier, time + offset);
        const seconds begin = wall - offset;
        if (begin > since || at == 0)
            return begin;
        const bool same =
            tier > Tier::Hour && wall_begin(tier, since - seconds(1) + offsets_[at - 1].offset) == wall;
        if (!same)
            return since;
        time = since - seconds(1);
    }
}

seconds Calendar::next(Tier tier, seconds time) const {
    const seconds begun = begin(tier, time);
    seconds probe = begun;
    seconds next = begun;
    while (next <= begun)
        next = begin(tier, probe += probe_length(tier));
    // An interval that a change of the offset cut short may lie between
    for (seconds before = begin(tier, next - seconds(1)); before > begun;
         before = begin(tier, next - seconds(1)))
        next = before;
    return next;
}

} // namespace sockledger
