// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "command_options.hpp"
#include "service/quantities.hpp"
#include "times.hpp"

#include <array>

namespace sockledger::cli {

namespace {

using std::chrono::seconds;
using namespace std::chrono_literals;

struct Cut {
    std::string_view word;
    UsageGroup group;
    UsageBucket bucket;
};
constexpr std::array<Cut, 6> cuts{{
    {"app", UsageGroup::App, {}},
    {"interface", UsageGroup::Interface, {}},
    {"minute", UsageGroup::Total, {UsageBucket::Unit::Seconds, 60s}},
    {"hour", UsageGroup::Total, {UsageBucket::Unit::Hour, {}}},
    {"day", UsageGroup::Total, {UsageBucket::Unit::Day, {}}},
    {"month", UsageGroup::Total, {UsageBucket::Unit::Month, {}}},
}};

Cut cut_of(const Arguments& given, const char* otherwise) {
    const std::string word = given.has("by") ? given.text("by") : otherwise;
    for (const Cut& cut : cuts)
        if (cut.word == word)
            return cut;
    throw BadArgument{"--by " + word + ": not one of app, interface, minute, hour, day, month"};
}

TimeWindow explicit_window(const Arguments& given, seconds now) {
    const auto time = [now](const std::string& text) { return parse_time(text, now); };
    TimeWindow window{0s, now};
    if (given.has("since"))
        window.from = given.parsed("since", time);
    if (given.has("until"))
        window.to = given.parsed("until", time);
    if (window.from >= window.to)
        throw BadArgument{(given.has("since") ? "--since " + given.text("since") : "--until") +
                          ": the window ends before it begins (" + format_time(window.from) + " to " +
                          format_time(window.to) + ")"};
    return window;
}

std::optional<TimeWindow> window_of(const Arguments& given, seconds now) {
    for (const char* edge : {"since", "until"})
        given.at_most_one({edge, "last", "today", "this-month", "cycle-day"});
    if (given.has("since") || given.has("until"))
        return explicit_window(given, now);
    if (given.has("last")) {
        const seconds span = given.parsed("last", parse_duration);
        if (span <= 0s || span > now)
            throw BadArgument{"--last " + given.text("last") + ": no such time"};
        return last(span, now);
    }
    if (given.has("today"))
        return today(now);
    if (given.has("this-month"))
        return this_month(now);
    if (const auto day = given.number("cycle-day", 1, 31, day_of_month))
        return this_cycle(*day, now);
    return std::nullopt;
}

// As much as fits on a screen.
TimeWindow usual_window(const UsageBucket& bucket, seconds now) {
    switch (bucket.unit) {
    case UsageBucket::Unit::Seconds:
        return last(1h, now);
    case UsageBucket::Unit::Day:
        return this_month(now);
    case UsageBucket::Unit::Month:
        return {this_month(now - 24h * 365).from, now};
    case UsageBucket::Unit::Whole:
    case UsageBucket::Unit::Hour:
        break;
    }
    return today(now);
}

} // namespace

void take_history(const Arguments& given, seconds now, Options& options) {
    HistoryOptions& history = options.history;
    history.now = now;
    history.csv = given.has("csv");
    if (options.command == Command::Alerts) {
        history.window = window_of(given, now).value_or(last(7 * 24h, now));
    } else if (options.command == Command::Export) {
        const Cut cut = cut_of(given, "day");
        if (cut.bucket.unit == UsageBucket::Unit::Whole)
            throw BadArgument{"--by " + given.text("by") +
                              ": an export has both; choose minute, hour, day or month"};
        history.bucket = cut.bucket;
        history.group = UsageGroup::AppInterface;
        history.window = window_of(given, now);
    } else if (options.command == Command::Usage) {
        const Cut cut = cut_of(given, "app");
        history.bucket = cut.bucket;
        history.group = cut.group;
        history.window = window_of(given, now).value_or(usual_window(cut.bucket, now));
        history.limit =
            given.number("limit", std::size_t{1}, std::size_t{1'000'000}, "a number of rows above 0");
        if (history.limit && (options.json || history.csv))
            throw BadArgument{"--limit: does not apply to --json and --csv, which leave nothing out"};
    }
}

} // namespace sockledger::cli
