// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "csv.hpp"
#include "daemon_commands.hpp"
#include "service/json_writer.hpp"
#include "service/service_fields.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

using std::chrono::seconds;

// As much at once as is a moderate number of rows. Ends where a bucket ends.
seconds end_of_piece(seconds from, const UsageBucket& bucket) {
    constexpr seconds hour = std::chrono::hours(1);
    switch (bucket.unit) {
    case UsageBucket::Unit::Seconds:
        return (from / hour + 1) * hour;
    case UsageBucket::Unit::Hour:
        return today(from).to;
    default:
        return this_month(from).to;
    }
}

std::string text_of(const Usage& usage, bool json) {
    std::string text;
    for (const UsageRow& row : usage.rows) {
        if (!json) {
            text += csv_line(row);
            continue;
        }
        JsonWriter(text).write(row);
        text += '\n';
    }
    return text;
}

} // namespace

Result<int> run_export(const Options& options, DaemonClient& daemon, const Output& output,
                       const Interrupts& interrupts) {
    const Result<DaemonStatus> status = daemon.status();
    if (!status)
        return status.error();
    const HistoryOptions& history = options.history;
    // Nothing is outside of this.
    TimeWindow window{status->history.oldest.value_or(history.now), history.now};
    if (history.window)
        window = {std::max(window.from, history.window->from), std::min(window.to, history.window->to)};
    Result<UsageQuestion> question = question_of(options, window, daemon);
    if (!question)
        return question.error();
    UsageQuery& query = question->query;
    if (!options.json)
        if (auto written = output.write(csv_head()); !written)
            return written.error();
    for (seconds from = window.from; from < window.to;) {
        if (interrupts.ended_by() != 0)
            return 128 + interrupts.ended_by();
        query.window = {from, std::min(end_of_piece(from, query.bucket), window.to)};
        const Result<Usage> usage = daemon.usage(query);
        if (!usage)
            return usage.error();
        if (auto written = output.write(text_of(*usage, options.json)); !written)
            return written.error();
        // An answer may be wider than its question; the next one begins where it ended.
        from = std::max(query.window.to, usage->window.to);
    }
    return 0;
}

} // namespace sockledger::cli
