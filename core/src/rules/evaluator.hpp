// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "rules/measurements.hpp"
#include "rules/rule.hpp"

#include <sockledger/history.hpp>
#include <sockledger/rules.hpp>
#include <sockledger/snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

/// Decides which alerts begin and end. Pure: no clock, no storage.
///
/// A rate raises an alert when it was above the threshold for Rule::seconds on end, and clears it when
/// it was below nine tenths of it for as long. Time is CLOCK_BOOTTIME. A rate that is not known is
/// neither: it raises nothing, and clears when it stays unknown for as long. Samples further apart than
/// Rule::seconds, or 5 s if that is more, are not on end: a machine that slept begins anew. What is gone
/// moves nothing.
///
/// An amount raises an alert above the threshold, and clears it when another period has begun, or
/// when history has taken so much back that it is below nine tenths.
///
/// A rule has at most `most_alerts` at a time, so that one that fits every app does no harm.
///
/// Threads: one at a time.
class Evaluator {
public:
    static constexpr std::size_t most_alerts = 100;

    /// `active` alerts of an earlier run go on, and are cleared when their rule is gone; new ones are
    /// numbered from `next_number` on.
    Evaluator(std::vector<Alert> active, std::uint64_t next_number);

    /// Replaces all rules, which are valid. Alerts of rules that went or changed their meaning are
    /// cleared at the next call of evaluate_…().
    void set_rules(std::vector<Rule> rules);
    const std::vector<Rule>& rules() const { return rules_; }

    /// Rate rules. `monitored` names the interfaces that a rule without a target is about.
    /// Returns the alerts that were raised or cleared.
    std::vector<Alert> evaluate_rates(const Snapshot& snapshot, const std::vector<std::string>& monitored);
    /// One amount rule, with the answer to query_of(rule, now).
    std::vector<Alert> evaluate_amount(const Rule& rule, const Usage& usage, std::chrono::seconds now);

    std::vector<Alert> active() const;

private:
    struct State {
        /// CLOCK_BOOTTIME: since when the rate has been what changes the state if it lasts.
        std::optional<std::chrono::nanoseconds> since;
        std::optional<Alert> alert; ///< the active one
    };
    using States = std::map<std::string, State>; ///< by subject; those with an alert or on the way to one
    /// Whether the state changes now.
    using Turns = std::function<bool(State&, std::optional<double> value)>;

    std::vector<Alert> take_ended(std::chrono::seconds now);
    void update(const Rule& rule, Measurements measurements, std::chrono::seconds now, const Turns& turns,
                std::vector<Alert>& changes);
    Alert raise(const Rule& rule, const std::string& subject, const Measured& measured,
                std::chrono::seconds now);

    std::vector<Rule> rules_;
    std::map<std::string, States> states_; ///< by rule
    std::vector<Alert> ended_;             ///< to be reported at the next evaluation
    std::uint64_t next_number_;
    std::optional<std::chrono::nanoseconds> evaluated_; ///< CLOCK_BOOTTIME of the last rates
};

} // namespace sockledger
