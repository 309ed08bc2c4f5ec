// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "times.hpp"

#include "service/quantities.hpp"

#include <array>
#include <ctime>
#include <optional>

namespace sockledger::cli {

namespace {

using std::chrono::seconds;

struct Clock {
    int hour = 0;
    int minute = 0;
    int second = 0;
};

/// Takes pieces off the front of a text, or leaves it alone.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    bool take(char c) {
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Exactly so many digits.
    std::optional<int> number(std::size_t digits) {
        if (rest_.size() < digits)
            return std::nullopt;
        int value = 0;
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9')
                return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    std::optional<std::chrono::year_month_day> date() {
        const auto year = number(4);
        if (!year || !take('-'))
            return std::nullopt;
        const auto month = number(2);
        if (!month || !take('-'))
            return std::nullopt;
        const auto day = number(2);
        if (!day)
            return std::nullopt;
        const std::chrono::year_month_day date(std::chrono::year(*year),
                                               std::chrono::month(static_cast<unsigned>(*month)),
                                               std::chrono::day(static_cast<unsigned>(*day)));
        return date.ok() && *year >= 1970 ? std::optional(date) : std::nullopt;
    }

    std::optional<Clock> clock() {
        const auto hour = number(2);
        if (!hour || !take(':'))
            return std::nullopt;
        const auto minute = number(2);
        if (!minute)
            return std::nullopt;
        std::optional<int> second = 0;
        if (take(':'))
            second = number(2);
        if (!second || *hour > 23 || *minute > 59 || *second > 59)
            return std::nullopt;
        return Clock{*hour, *minute, *second};
    }

    /// "Z", "+01", "+0530", "-03:30".
    std::optional<seconds> offset() {
        if (take('Z'))
            return seconds(0);
        const bool west = rest_.starts_with('-');
        if (!take('-') && !take('+'))
            return std::nullopt;
        const auto hours = number(2);
        if (!hours)
            return std::nullopt;
        std::optional<int> minutes = 0;
        if (take(':') || !at_end())
            minutes = number(2);
        if (!minutes || *hours > 14 || *minutes > 59)
            return std::nullopt;
        const seconds east(*hours * 3600 + *minutes * 60);
        return west ? -east : east;
    }

private:
    std::string_view rest_;
};

std::tm local_time(seconds time) {
    const std::time_t clock = time.count();
    std::tm local{};
    localtime_r(&clock, &local);
    return local;
}

std::tm broken_down(const std::chrono::year_month_day& date, const Clock& clock) {
    std::tm local{};
    local.tm_year = static_cast<int>(date.year()) - 1900;
    local.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    local.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    local.tm_hour = clock.hour;
    local.tm_min = clock.minute;
    local.tm_sec = clock.second;
    return local;
}

// Nothing for a time that the clocks skip. Summer time first: it is the earlier of two.
std::optional<seconds> from_local(const std::tm& wanted) {
    for (const int summer : {1, 0}) {
        std::tm local = wanted;
        local.tm_isdst = summer;
        const std::time_t time = std::mktime(&local);
        if (time != -1 && local.tm_hour == wanted.tm_hour && local.tm_min == wanted.tm_min &&
            local.tm_mday == wanted.tm_mday)
            return seconds(time);
    }
    return std::nullopt;
}

Error not_understood(std::string_view text) {
    return {"'" + std::string(text) +
                "' is no time (2026-11-21, '2026-11-21 14:30', 14:30, today, yesterday, now, -3h)",
            0};
}

// A date, a time of day, or both.
Result<seconds> parse_calendar(std::string_view text, seconds now) {
    constexpr std::size_t length_of_date = 10;
    constexpr Clock noon{12, 0, 0};
    Scanner scanner(text);
    std::optional<std::chrono::year_month_day> date;
    if (text.size() >= length_of_date) {
        date = scanner.date();
        if (!date)
            return not_understood(text);
        // A day begins when the calendar says so: there are zones in which midnight is skipped.
        if (scanner.at_end())
            if (const auto middle = from_local(broken_down(*date, noon)))
                return today(*middle).from;
        if (!scanner.take(' ') && !scanner.take('T'))
            return not_understood(text);
    }
    const auto clock = scanner.clock();
    if (!clock)
        return not_understood(text);
    std::tm wanted = local_time(now);
    if (date)
        wanted = broken_down(*date, *clock);
    wanted.tm_hour = clock->hour;
    wanted.tm_min = clock->minute;
    wanted.tm_sec = clock->second;
    if (date && !scanner.at_end()) {
        const auto east = scanner.offset();
        if (!east || !scanner.at_end())
            return not_understood(text);
        return seconds(timegm(&wanted)) - *east;
    }
    if (!scanner.at_end())
        return not_understood(text);
    if (const auto time = from_local(wanted))
        return *time;
    return Error{"'" + std::string(text) + "' does not exist: the clocks go forward over it", 0};
}

} // namespace

Result<seconds> parse_time(std::string_view text, seconds now) {
    if (text == "now")
        return now;
    if (text == "today")
        return today(now).from;
    if (text == "yesterday")
        return today(today(now).from - seconds(1)).from;
    if (text.starts_with('-')) {
        const auto back = parse_duration(text.substr(1));
        if (!back)
            return not_understood(text);
        return now - *back;
    }
    if (text.starts_with('@')) {
        // The same digits as a duration of so many seconds.
        const auto since_epoch = parse_duration(std::string(text.substr(1)) + "s");
        if (!since_epoch)
            return not_understood(text);
        return *since_epoch;
    }
    return parse_calendar(text, now);
}

std::string format_local(const char* pattern, seconds time) {
    const std::tm local = local_time(time);
    std::array<char, 64> text;
    return {text.data(), std::strftime(text.data(), text.size(), pattern, &local)};
}

std::string format_time(seconds time) {
    return format_local(local_time(time).tm_sec == 0 ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%S", time);
}

std::string format_iso(seconds time) {
    std::string text = format_local("%Y-%m-%dT%H:%M:%S%z", time);
    return text.insert(text.size() - 2, ":");
}

std::string format_window(const TimeWindow& window, seconds now) {
    const bool goes_on = window.from < now && now <= window.to;
    return format_time(window.from) + " to " + (goes_on ? "now" : format_time(window.to));
}

} // namespace sockledger::cli
