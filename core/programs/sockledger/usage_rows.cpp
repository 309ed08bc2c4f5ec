// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "usage_rows.hpp"

#include "times.hpp"

#include <algorithm>
#include <iterator>

namespace sockledger::cli {

namespace {

using std::chrono::seconds;

constexpr std::string_view kernel_app = "kernel";

void add(UsageLine& sum, const UsageLine& part) {
    sum.rx_bytes += part.rx_bytes;
    sum.tx_bytes += part.tx_bytes;
    sum.accuracy = worst(sum.accuracy, part.accuracy);
}

UsageLine line_of(const UsageRow& row, std::string label) {
    return {std::move(label), row.rx_bytes, row.tx_bytes, row.accuracy, false};
}

// The rows from `begin` to `end` as one.
UsageLine folded(const std::vector<UsageLine>& lines, std::size_t begin, std::size_t end,
                 const std::string& label) {
    UsageLine sum;
    sum.label = label;
    sum.aside = true;
    for (std::size_t i = begin; i < end; ++i)
        add(sum, lines[i]);
    return sum;
}

std::vector<UsageLine> rows_of_names(const Usage& usage, UsageGroup group, std::optional<std::size_t> limit) {
    std::vector<UsageLine> lines;
    std::vector<UsageLine> aside;
    for (const UsageRow& row : usage.rows) {
        if (group == UsageGroup::Interface) {
            lines.push_back(line_of(row, row.interface));
        } else if (row.app == kernel_app || row.app == unattributed_app) {
            aside.push_back(line_of(row, "(" + row.app + ")"));
            aside.back().aside = true;
        } else {
            lines.push_back(line_of(row, row.name.empty() ? row.app : row.name));
        }
    }
    std::ranges::stable_sort(lines, std::ranges::greater{}, &UsageLine::total);
    if (limit && lines.size() > *limit) {
        const std::size_t more = lines.size() - *limit;
        const UsageLine others = folded(lines, *limit, lines.size(),
                                        "(" + std::to_string(more) + (more == 1 ? " other)" : " others)"));
        lines.resize(*limit);
        lines.push_back(others);
    }
    std::ranges::move(aside, std::back_inserter(lines));
    return lines;
}

std::vector<UsageLine> rows_of_time(const Usage& usage, const UsageBucket& bucket,
                                    std::optional<std::size_t> limit) {
    std::vector<UsageLine> lines;
    const UsageRow* before = nullptr;
    for (const UsageRow& row : usage.rows) {
        if (before && before->window.to < row.window.from)
            lines.push_back({"...", 0, 0, Accuracy::Exact, true}); // silence, which has no rows
        lines.push_back(line_of(row, bucket_label(row.window.from, bucket.unit, usage.window)));
        before = &row;
    }
    if (limit && lines.size() > *limit) {
        const std::size_t older = lines.size() - *limit;
        const UsageLine rest = folded(lines, 0, older, "(before)");
        lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(older));
        lines.insert(lines.begin(), rest);
    }
    return lines;
}

bool same(const char* pattern, seconds one, seconds other) {
    return format_local(pattern, one) == format_local(pattern, other);
}

} // namespace

std::string bucket_label(seconds from, UsageBucket::Unit unit, const TimeWindow& whole) {
    switch (unit) {
    case UsageBucket::Unit::Month:
        return format_local("%Y-%m", from);
    case UsageBucket::Unit::Day:
        return format_local("%Y-%m-%d", from);
    default:
        break;
    }
    const seconds end = whole.to - seconds(1);
    std::string label = format_time(from);
    if (same("%F", whole.from, end))
        label.erase(0, std::string_view("2026-11-21 ").size());
    if (!same("%z", whole.from, end))
        label += format_local(" %z", from);
    return label;
}

std::vector<UsageLine> usage_rows(const Usage& usage, const UsageQuery& query,
                                  std::optional<std::size_t> limit) {
    return query.bucket.unit == UsageBucket::Unit::Whole ? rows_of_names(usage, query.group, limit)
                                                         : rows_of_time(usage, query.bucket, limit);
}

} // namespace sockledger::cli
