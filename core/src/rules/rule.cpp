// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/rule.hpp"

#include "history/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace sockledger {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_in_any_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_id(std::string_view id) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return !id.empty() && id.size() <= 64 && id.find_first_not_of(allowed) == id.npos;
}

bool is_line(std::string_view text, std::size_t longest) {
    return text.size() <= longest && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

TimeWindow this_hour(std::chrono::seconds now) {
    Calendar calendar({}, now - std::chrono::hours(24));
    calendar.extend(now);
    return {calendar.begin(Tier::Hour, now), calendar.next(Tier::Hour, now)};
}

std::string amount(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 7> units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t step = 0;
    for (; value >= 999.5 && step + 1 < units.size(); ++step)
        value /= 1000;
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::general, 3).ptr;
    return std::string(digits.begin(), end).append(" ").append(units[step]);
}

std::string_view subject_words(const Rule& rule, std::string_view name) {
    if (rule.subject == Rule::Subject::Total)
        return "this machine";
    if (!name.empty())
        return name;
    if (!rule.target.empty())
        return rule.target;
    return rule.subject == Rule::Subject::App ? "any app" : "any interface";
}

std::string_view verb(Rule::Direction direction) {
    switch (direction) {
    case Rule::Direction::Rx:
        return "received";
    case Rule::Direction::Tx:
        return "sent";
    case Rule::Direction::Both:
        break;
    }
    return "moved";
}

std::string period_words(const Rule& rule) {
    switch (rule.measure) {
    case Rule::Measure::Rate:
        return "/s for " + std::to_string(rule.seconds) + " s";
    case Rule::Measure::Hour:
        return " this hour";
    case Rule::Measure::Day:
        return " today";
    case Rule::Measure::Month:
        return " this month";
    case Rule::Measure::Cycle:
        break;
    }
    return " since day " + std::to_string(rule.cycle_day) + " of the month";
}

} // namespace

Result<void> validate(const Rule& rule) {
    if (!is_id(rule.id))
        return Error{"id: takes 1 to 64 of a-z, A-Z, 0-9, '-', '_' and '.'", 0};
    if (!is_line(rule.text, 500))
        return Error{"text: takes one line of at most 500 bytes", 0};
    if (rule.subject == Rule::Subject::Total && !rule.target.empty())
        return Error{"target: the total has none", 0};
    if (!is_line(rule.target, 500))
        return Error{"target: takes one line of at most 500 bytes", 0};
    // What JSON and SQLite can hold
    if (rule.threshold == 0 || rule.threshold > std::numeric_limits<std::int64_t>::max())
        return Error{"threshold: takes 1 to 9223372036854775807", 0};
    if (rule.measure == Rule::Measure::Rate && (rule.seconds < 1 || rule.seconds > 3600))
        return Error{"seconds: takes 1 to 3600", 0};
    if (rule.measure == Rule::Measure::Cycle && (rule.cycle_day < 1 || rule.cycle_day > 31))
        return Error{"cycle_day: takes 1 to 31", 0};
    return {};
}

TimeWindow period_of(const Rule& rule, std::chrono::seconds now) {
    switch (rule.measure) {
    case Rule::Measure::Rate:
        break;
    case Rule::Measure::Hour:
        return this_hour(now);
    case Rule::Measure::Day:
        return today(now);
    case Rule::Measure::Month:
        return this_month(now);
    case Rule::Measure::Cycle:
        return this_cycle(static_cast<int>(rule.cycle_day), now);
    }
    return {};
}

UsageQuery query_of(const Rule& rule, std::chrono::seconds now) {
    UsageQuery query;
    query.window = period_of(rule, now);
    switch (rule.subject) {
    case Rule::Subject::Total:
        query.group = UsageGroup::Total;
        break;
    case Rule::Subject::App: // not by app: the target may be a name, which only the rows know
        query.group = UsageGroup::App;
        break;
    case Rule::Subject::Interface:
        query.group = UsageGroup::Interface;
        if (!rule.target.empty())
            query.interface = rule.target;
        break;
    }
    return query;
}

bool is_about(const Rule& rule, std::string_view subject, std::string_view name) {
    switch (rule.subject) {
    case Rule::Subject::Total:
        return subject.empty();
    case Rule::Subject::App:
        if (rule.target.empty())
            return subject != "kernel" && subject != unattributed_app;
        return subject == rule.target || same_in_any_case(name, rule.target);
    case Rule::Subject::Interface:
        if (rule.target.empty())
            return subject != other_namespaces && subject != unknown_interface &&
                   subject.find('/') == subject.npos; // NAMESPACE/eth0: of another namespace
        return subject == rule.target;
    }
    return false;
}

bool same_meaning(const Rule& a, const Rule& b) {
    Rule reworded = b;
    reworded.text = a.text;
    reworded.from_configuration = a.from_configuration;
    return a == reworded;
}

std::string describe(const Rule& rule, std::string_view name) {
    return std::string(subject_words(rule, name))
        .append(" ")
        .append(verb(rule.direction))
        .append(" more than ")
        .append(amount(rule.threshold))
        .append(period_words(rule));
}

} // namespace sockledger
