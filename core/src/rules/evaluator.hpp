// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>
#include <sockledger/result.hpp>
#include <sockledger/rules.hpp>
#include <sockledger/snapshot.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sockledger {

/// What is wrong with the rule, as one line that names the member; success when nothing is. Threads: any.
Result<void> validate(const Rule& rule);

/// The period that an amount rule is in; not for Rule::Measure::Rate. Threads: any.
TimeWindow period_of(const Rule& rule, std::chrono::seconds now);
/// The question of history that an amount rule asks at `now`.
UsageQuery query_of(const Rule& rule, std::chrono::seconds now);

/// Decides which alerts begin and end. Pure: no clock, no storage.
/// Threads: one at a time.
class Evaluator {
public:
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
    struct Subject {
        std::string rule;
        std::string subject;
        auto operator<=>(const Subject&) const = default;
    };
    struct State {
        std::optional<std::chrono::nanoseconds> above_since; ///< CLOCK_BOOTTIME; rate rules
        std::optional<Alert> alert;                          ///< the active one
        TimeWindow period;                                   ///< amount rules
    };

    std::vector<Rule> rules_;
    std::map<Subject, State> states_;
    std::vector<Alert> ended_; ///< by set_rules(), to be reported
    std::uint64_t next_number_;
};

} // namespace sockledger
