// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/usage_plan.hpp"

#include <algorithm>
#include <cstddef>

namespace sockledger {

using std::chrono::seconds;

namespace {

class Planner {
public:
    Planner(const TimeWindow& window, const Calendar& calendar, const Horizons& horizons)
        : plan{{}, window, {}}, calendar_(calendar), horizons_(horizons) {}

    void cover(Tier tier, seconds from, seconds to) {
        if (from >= to)
            return;
        if (from < horizon(tier)) {
            const seconds split = std::min(to, horizon(tier));
            cover(coarser(tier), from, split);
            cover(tier, split, to);
            return;
        }
        const seconds first = from == since_ever ? from : up(tier, from);
        const seconds last = to == for_ever ? to : calendar_.begin(tier, to);
        if (first > last) {
            cut(tier, from, to);
            return;
        }
        cut(tier, from, first);
        add(tier, first, last);
        cut(tier, last, to);
    }

    UsagePlan plan;

private:
    seconds horizon(Tier tier) const { return horizons_[static_cast<std::size_t>(tier)]; }

    seconds up(Tier tier, seconds time) const {
        return calendar_.begin(tier, time) == time ? time : calendar_.next(tier, time);
    }

    /// A part of one interval.
    void cut(Tier tier, seconds from, seconds to) {
        if (from >= to)
            return;
        const seconds begin = calendar_.begin(tier, from);
        if (begin >= horizon(finer(tier))) {
            cover(finer(tier), from, to);
            return;
        }
        const seconds end = calendar_.next(tier, from);
        add(tier, begin, end);
        plan.window = {std::min(plan.window.from, begin), std::max(plan.window.to, end)};
        plan.step = std::max(plan.step, end - begin);
    }

    void add(Tier tier, seconds from, seconds to) {
        if (from >= to)
            return;
        if (!plan.segments.empty() && plan.segments.back().tier == tier && plan.segments.back().to == from)
            plan.segments.back().to = to;
        else
            plan.segments.push_back({tier, from, to});
    }

    const Calendar& calendar_;
    const Horizons& horizons_;
};

} // namespace

Tier coarsest_tier(const UsageBucket& bucket, const Calendar& calendar) {
    switch (bucket.unit) {
    case UsageBucket::Unit::Whole:
        return Tier::Year;
    case UsageBucket::Unit::Month:
        return Tier::Month;
    case UsageBucket::Unit::Day:
        return Tier::Day;
    case UsageBucket::Unit::Hour:
        return Tier::Hour;
    case UsageBucket::Unit::Seconds:
        break;
    }
    if (bucket.width % std::chrono::hours(1) == seconds(0) && calendar.whole_hours())
        return Tier::Hour;
    return bucket.width % std::chrono::minutes(1) == seconds(0) ? Tier::Minute : Tier::Second;
}

UsagePlan plan_usage(const TimeWindow& window, Tier coarsest, const Calendar& calendar,
                     const Horizons& horizons) {
    Planner planner(window, calendar, horizons);
    planner.cover(coarsest, window.from, window.to);
    return planner.plan;
}

} // namespace sockledger
