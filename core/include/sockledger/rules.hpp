// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Thresholds that somebody wants to hear about. Passive data. Threads: any.

namespace sockledger {

/// Raises an alert when what it watches goes above a threshold, and clears it once it is below the
/// threshold by a tenth, or a new period begins.
struct Rule {
    enum class Subject : std::uint8_t {
        Total,     ///< the machine: Snapshot::total, and what history counts as such
        App,       ///< the app whose id or name is `target`; with an empty target each app by itself
        Interface, ///< the interface `target`; with an empty target each monitored one by itself (for an
                   ///< amount: each that is in the machine's total)
    };
    enum class Direction : std::uint8_t { Rx, Tx, Both };
    enum class Measure : std::uint8_t {
        Rate,  ///< bytes per second, for `seconds` on end
        Hour,  ///< bytes in this local hour
        Day,   ///< bytes in this local day
        Month, ///< bytes in this local month
        Cycle, ///< bytes in the billing cycle that begins on `cycle_day`
    };

    std::string id;   ///< what it is called: 1 to 64 of a-z, A-Z, 0-9, '-', '_', '.'
    std::string text; ///< for people; may be empty
    Subject subject = Subject::Total;
    std::string target;
    Direction direction = Direction::Both;
    Measure measure = Measure::Rate;
    std::uint64_t threshold = 0; ///< bytes per second, or bytes; above 0
    std::uint32_t seconds = 10;  ///< Rate only: 1 to 3600
    std::uint32_t cycle_day = 1; ///< Cycle only: 1 to 31
    bool enabled = true;
    bool from_configuration = false; ///< stands in the configuration file and is changed there
    bool operator==(const Rule&) const = default;
};

/// A rule about one subject, from when it went above to when it came below.
struct Alert {
    std::uint64_t number = 0; ///< grows with every alert
    std::string rule;         ///< Rule::id
    std::string text;         ///< Rule::text, or a sentence made of the rule
    Rule::Subject kind = Rule::Subject::Total;
    std::string subject; ///< app id or interface name; empty for the total
    std::string name;    ///< the subject's name for people
    bool active = true;
    std::chrono::seconds raised{};               ///< CLOCK_REALTIME
    std::optional<std::chrono::seconds> cleared; ///< CLOCK_REALTIME; absent while active
    std::uint64_t value = 0; ///< what was measured when it was raised: bytes per second, or bytes
    std::uint64_t threshold = 0;
    bool operator==(const Alert&) const = default;
};

/// "total", "app", "interface".
std::string_view to_string(Rule::Subject);
/// "rx", "tx", "both".
std::string_view to_string(Rule::Direction);
/// "rate", "hour", "day", "month", "cycle".
std::string_view to_string(Rule::Measure);

} // namespace sockledger
