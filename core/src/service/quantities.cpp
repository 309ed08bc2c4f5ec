// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/quantities.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace sockledger {

namespace {

/// What fits into an integer of JSON and of SQLite.
constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();

/// The whole part apart from the fraction, so that large whole numbers stay exact.
struct Number {
    std::uint64_t whole = 0;
    double fraction = 0;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes the number, and the spaces after it, off the front of `text`.
std::optional<Number> take_number(std::string_view& text) {
    const auto end_of_digits = [](std::string_view s) {
        return static_cast<std::size_t>(std::ranges::find_if_not(s, is_digit) - s.begin());
    };
    Number number;
    const std::size_t digits = end_of_digits(text);
    if (std::from_chars(text.data(), text.data() + digits, number.whole).ec != std::errc())
        return std::nullopt;
    text.remove_prefix(digits);
    if (text.starts_with('.')) {
        const std::size_t places = end_of_digits(text.substr(1));
        if (places == 0)
            return std::nullopt;
        std::from_chars(text.data(), text.data() + 1 + places, number.fraction);
        text.remove_prefix(1 + places);
    }
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return number;
}

/// Takes "k", "Mi" and the like off the front of `text`; 1 when there is none.
std::uint64_t take_prefix(std::string_view& text) {
    constexpr std::string_view letters = "kMGTP";
    const std::size_t power =
        text.empty() ? letters.npos : letters.find(text.front() == 'K' ? 'k' : text.front());
    if (power == letters.npos)
        return 1;
    text.remove_prefix(1);
    const bool binary = text.starts_with('i');
    text.remove_prefix(binary ? 1 : 0);
    std::uint64_t factor = 1;
    for (std::size_t i = 0; i <= power; ++i)
        factor *= binary ? 1024 : 1000;
    return factor;
}

std::optional<std::uint64_t> scaled(const Number& number, std::uint64_t factor) {
    if (number.whole > most / factor)
        return std::nullopt;
    const double rest = number.fraction * static_cast<double>(factor);
    const std::uint64_t value = number.whole * factor + static_cast<std::uint64_t>(std::llround(rest));
    return value > most ? std::nullopt : std::optional(value);
}

template<typename T>
Result<T> understood(const std::optional<T>& value, std::string_view text, const char* what) {
    if (value)
        return *value;
    return Error{"'" + std::string(text) + "' is not " + what, 0};
}

std::optional<std::uint64_t> size_of(std::string_view text) {
    const auto number = take_number(text);
    if (!number)
        return std::nullopt;
    const std::uint64_t factor = take_prefix(text);
    return text.empty() || text == "B" ? scaled(*number, factor) : std::nullopt;
}

std::optional<std::uint64_t> rate_of(std::string_view text) {
    if (text.ends_with("/s"))
        text.remove_suffix(2);
    if (!text.ends_with("bit"))
        return size_of(text);
    text.remove_suffix(3);
    const auto number = take_number(text);
    if (!number)
        return std::nullopt;
    const std::uint64_t factor = take_prefix(text);
    const auto bits = text.empty() ? scaled(*number, factor) : std::nullopt;
    return bits ? std::optional(*bits / 8) : std::nullopt;
}

std::optional<std::chrono::seconds> duration_of(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::uint64_t seconds;
    };
    constexpr std::uint64_t hour = 3600, day = 24 * hour;
    constexpr std::array<Unit, 7> units{
        {{"s", 1}, {"m", 60}, {"min", 60}, {"h", hour}, {"d", day}, {"w", 7 * day}, {"y", 365 * day}}};
    const auto number = take_number(text);
    const auto* const unit = std::ranges::find(units, text, &Unit::name);
    if (!number || number->fraction != 0 || unit == units.end() ||
        number->whole > 1000 * 365 * day / unit->seconds)
        return std::nullopt;
    return std::chrono::seconds(number->whole * unit->seconds);
}

} // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
    return understood(size_of(text), text, "a size such as 500, 10kB, 1.5GB or 2GiB");
}

Result<std::uint64_t> parse_rate(std::string_view text) {
    return understood(rate_of(text), text, "a rate such as 10kB/s, 1.5MB/s or 20Mbit/s");
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
    return understood(duration_of(text), text, "a time such as 30s, 90m, 36h, 10d, 2w or 5y");
}

} // namespace sockledger
