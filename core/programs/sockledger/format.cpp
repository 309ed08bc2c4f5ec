// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "format.hpp"

#include "engine/address_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace sockledger::cli {

namespace {

using Prefixes = std::array<std::string_view, 7>;
constexpr Prefixes si{"", "k", "M", "G", "T", "P", "E"};
constexpr Prefixes iec{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

// Not printf: the decimal point must not depend on the locale.
std::string fixed(double value, int digits) {
    std::array<char, 400> buffer;
    auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
    return {buffer.data(), end};
}

// At most four characters below 1000: "9.99", "99.9", "999".
std::string three_digits(double value) {
    return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

std::string scaled(double value, bool binary, std::string_view unit) {
    const Prefixes& prefixes = binary ? iec : si;
    std::size_t step = 0;
    while (value >= 999.5 && step + 1 < prefixes.size()) {
        value /= binary ? 1024 : 1000;
        ++step;
    }
    std::string text = step == 0 ? fixed(value, 0) : three_digits(value);
    return text.append(" ").append(prefixes[step]).append(unit);
}

bool known(const Traffic& traffic) {
    return traffic.accuracy != Accuracy::Unavailable;
}

Cell rate_cell(const Traffic& traffic, std::optional<double> rate) {
    if (!known(traffic) || !rate || !std::isfinite(*rate))
        return {};
    return {Rate{*rate}, traffic.accuracy};
}

Cell total_cell(const Traffic& traffic, std::uint64_t bytes) {
    if (!known(traffic))
        return {};
    return {Bytes{bytes}, traffic.accuracy};
}

template<typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template<typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

} // namespace

std::string format_rate(double bytes_per_second, Units units) {
    const double value = bytes_per_second * (units.bits ? 8 : 1);
    const std::string_view unit = units.bits ? "bit/s" : "B/s";
    if (value > 0 && value < 1)
        return std::string("<1 ").append(unit);
    return scaled(value, units.iec, unit);
}

std::string format_bytes(std::uint64_t bytes, Units units) {
    return scaled(static_cast<double>(bytes), units.iec, "B");
}

std::string format_milliseconds(double milliseconds) {
    if (milliseconds > 0 && milliseconds < 0.01)
        return "<0.01 ms";
    return milliseconds < 999.5 ? three_digits(milliseconds) + " ms"
                                : three_digits(milliseconds / 1000) + " s";
}

std::string format_age(std::chrono::seconds age) {
    struct Unit {
        std::int64_t seconds;
        std::string_view name;
    };
    constexpr std::array<Unit, 4> units{{{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}}};
    const auto* unit = units.begin();
    while (unit->seconds > 1 && age.count() < unit->seconds)
        ++unit;
    return std::to_string(age.count() / unit->seconds).append(unit->name);
}

std::string peer_text(const Endpoint& peer, HostNames* names) {
    const bool has_address = scope_of(peer) != Scope::Unspecified;
    std::string host = names && has_address ? names->name(peer) : std::string();
    if (peer.port != 0)
        return host.empty() ? to_string(peer) : host.append(":").append(std::to_string(peer.port));
    return !has_address ? "*" : host.empty() ? address_text(peer) : host;
}

std::string format_clock(std::chrono::nanoseconds realtime) {
    const std::time_t clock = std::chrono::floor<std::chrono::seconds>(realtime).count();
    std::tm local{};
    localtime_r(&clock, &local);
    std::array<char, 16> text;
    return {text.data(), std::strftime(text.data(), text.size(), "%H:%M:%S", &local)};
}

int rate_width(Units units) {
    return (units.bits ? 11 : 9) + (units.iec ? 1 : 0) + 1;
}

int bytes_width(Units units) {
    return 7 + (units.iec ? 1 : 0) + 1;
}

std::string to_text(const Cell& cell, const Format& format) {
    const Glyphs& signs = *format.signs;
    std::string text =
        std::visit(Overloaded{
                       [&](std::monostate) { return std::string(signs.missing); },
                       [](const std::string& words) { return words; },
                       [](std::uint64_t count) { return std::to_string(count); },
                       [&](Bytes bytes) { return format_bytes(bytes.value, format.units); },
                       [&](Rate rate) { return format_rate(rate.bytes_per_second, format.units); },
                       [](Milliseconds time) { return format_milliseconds(time.value); },
                       [](Age age) { return format_age(age.value); },
                       [&](const Endpoint& peer) { return peer_text(peer, format.names); },
                   },
                   cell.value);
    if (std::holds_alternative<std::monostate>(cell.value) || cell.accuracy == Accuracy::Exact)
        return text;
    return std::string(cell.accuracy == Accuracy::Partial ? signs.at_least : signs.about) + text;
}

Cell rx_rate(const Traffic& traffic) {
    return rate_cell(traffic, traffic.rx_rate);
}

Cell tx_rate(const Traffic& traffic) {
    return rate_cell(traffic, traffic.tx_rate);
}

Cell rx_total(const Traffic& traffic) {
    return total_cell(traffic, traffic.rx_bytes);
}

Cell tx_total(const Traffic& traffic) {
    return total_cell(traffic, traffic.tx_bytes);
}

Cell both_rates(const Traffic& traffic) {
    if (!traffic.rx_rate || !traffic.tx_rate)
        return {};
    return rate_cell(traffic, *traffic.rx_rate + *traffic.tx_rate);
}

Cell both_totals(const Traffic& traffic) {
    return total_cell(traffic, traffic.rx_bytes + traffic.tx_bytes);
}

std::string accuracy_words(Accuracy accuracy, const Glyphs& signs) {
    switch (accuracy) {
    case Accuracy::Exact:
        return "exact";
    case Accuracy::Partial:
        return std::string(signs.at_least) + " lower bounds";
    case Accuracy::Estimated:
        return std::string(signs.about) + " estimates";
    case Accuracy::Unavailable:
        break;
    }
    return "apps not measured";
}

} // namespace sockledger::cli
