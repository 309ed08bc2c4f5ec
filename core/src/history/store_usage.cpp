// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/sqlite_store.hpp"

#include <algorithm>
#include <cerrno>

/// The way out: questions about usage.
namespace sockledger {

using std::chrono::seconds;

namespace {

/// The app is given, or its rows are asked for, or they alone know the accuracy.
bool needs_apps(const UsageQuery& query) {
    return query.app || query.group == UsageGroup::App || query.group == UsageGroup::AppInterface ||
           (query.interface && is_pseudo_interface(*query.interface));
}

} // namespace

Result<Usage> SqliteStore::usage(const UsageQuery& query) {
    if (query.window.to < query.window.from)
        return Error{"the window ends before it begins", EINVAL};
    if (query.bucket.unit == UsageBucket::Unit::Seconds && query.bucket.width < seconds(1))
        return Error{"a bucket is at least a second wide", EINVAL};
    Result<Usage> usage = Usage{};
    if (Result<void> done = attempt([&](HistoryFile& file) { usage = answer(file, query); }); !done)
        return done.error();
    return usage;
}

UsagePlan SqliteStore::plan(TimeWindow window, const UsageBucket& bucket) const {
    Horizons horizons = horizons_;
    horizons[static_cast<std::size_t>(Tier::Second)] =
        recent_.complete_since() ? std::chrono::ceil<std::chrono::minutes>(*recent_.complete_since())
                                 : for_ever;
    const TimeWindow asked = window;
    std::optional<seconds> oldest = oldest_;
    if (!pending_.rows().empty())
        oldest = std::min(oldest.value_or(for_ever), pending_.rows().begin()->first.minute);
    // Ends beyond everything cut nothing, so "until now" need not look into the present minute
    if (!oldest || window.from <= *oldest)
        window.from = since_ever;
    if (window.to > newest_)
        window.to = for_ever;
    UsagePlan plan = plan_usage(window, coarsest_tier(bucket, calendar_), calendar_, horizons);
    if (window.from == since_ever)
        plan.window.from = asked.from;
    if (window.to == for_ever)
        plan.window.to = asked.to;
    return plan;
}

bool SqliteStore::sum_up(HistoryFile& file, const UsagePlan& plan, const UsageQuery& query, UsageSum& sum) {
    std::optional<std::uint32_t> app;
    if (query.app && !(app = catalog_.find_app(*query.app)))
        return true;
    const bool apps = needs_apps(query);
    for (const UsageSegment& segment : plan.segments) {
        const auto within = [&](seconds time) { return time >= segment.from && time < segment.to; };
        const auto add = [&](seconds time, Series series, UsageAmount amount) {
            if (!sum.wants(series.interface) || (app && series.app != *app))
                return true;
            if (!apps)
                amount.accuracy = Accuracy::Exact; // the device's own count
            return sum.add(segment.tier, calendar_.begin(segment.tier, time), series, amount);
        };
        if (segment.tier == Tier::Second) {
            for (const Recent::Row& row : recent_.rows()) {
                if (within(row.time) && !add(row.time, row.series, row.amount))
                    return false;
            }
            continue;
        }
        UsageScan& scan = file.scan();
        if (!(app    ? scan.app(segment, *app, catalog_, sum)
              : apps ? scan.all(segment, catalog_, sum)
                     : scan.totals(segment, catalog_, sum)))
            return false;
        for (auto row = pending_.rows().lower_bound({segment.from, {}});
             row != pending_.rows().end() && within(row->first.minute); ++row) {
            if (!add(row->first.minute, row->first.series, row->second))
                return false;
        }
    }
    return true;
}

Result<Usage> SqliteStore::answer(HistoryFile& file, const UsageQuery& query) {
    const auto rows_of = [&](const UsageQuery& asked,
                             const UsagePlan& with) -> std::optional<std::vector<UsageRow>> {
        UsageSum sum(asked, with, calendar_, catalog_);
        return sum_up(file, with, asked, sum) ? std::optional(sum.rows()) : std::nullopt;
    };
    const TimeWindow window{std::clamp(query.window.from, since_ever, for_ever),
                            std::clamp(query.window.to, since_ever, for_ever)};
    const UsagePlan covering = plan(window, query.bucket);
    Usage usage;
    usage.window = covering.window;
    usage.step = covering.step;
    if (window.from == window.to)
        return usage;
    auto rows = rows_of(query, covering);
    if (!rows)
        return Error{"the answer has more than " + std::to_string(UsageSum::most_rows) +
                         " rows: choose a coarser bucket or a shorter window",
                     E2BIG};
    usage.rows = std::move(*rows);

    std::vector<UsageRow> totals;
    if (query.app) {
        const UsageQuery all{query.window, {}, UsageGroup::Total, std::nullopt, query.interface};
        totals = rows_of(all, plan(window, all.bucket)).value_or(totals);
    }
    for (const UsageRow& row : query.app ? totals : usage.rows) {
        usage.rx_bytes += row.rx_bytes;
        usage.tx_bytes += row.tx_bytes;
    }

    usage.gaps = file.gaps(usage.window);
    for (const UsageGap& gap : pending_.gaps) {
        if (gap.window.to > usage.window.from && gap.window.to <= usage.window.to)
            usage.gaps.push_back(gap);
    }
    // What is counted on another interface again is not said twice.
    std::erase_if(usage.gaps, [&](const UsageGap& gap) {
        return query.interface ? gap.interface != *query.interface : !catalog_.counts(gap.interface);
    });
    return usage;
}

} // namespace sockledger
