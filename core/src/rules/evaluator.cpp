// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sockledger {

namespace {

/// Nobody samples more seldom, so what is further apart has a hole between.
constexpr std::chrono::seconds longest_interval(25);

bool is_above(const Rule& rule, std::optional<double> value) {
    return value && *value > static_cast<double>(rule.threshold);
}

/// Far enough below that what hovers around the threshold is one alert.
bool is_below(const Rule& rule, std::optional<double> value) {
    return value && *value < 0.9 * static_cast<double>(rule.threshold);
}

Alert end(Alert alert, std::chrono::seconds now) {
    alert.active = false;
    alert.cleared = std::max(now, alert.raised); // the clock may have been set back
    return alert;
}

const Rule* find(const std::vector<Rule>& rules, const std::string& id) {
    const auto found = std::ranges::find(rules, id, &Rule::id);
    return found != rules.end() ? &*found : nullptr;
}

/// An alert of another run, of which only the id of the rule is known.
bool may_be_of(const Rule& rule, const Alert& alert) {
    return alert.kind == rule.subject && alert.threshold == rule.threshold &&
           is_about(rule, alert.subject, alert.name);
}

} // namespace

Evaluator::Evaluator(std::vector<Alert> active, std::uint64_t next_number) : next_number_(next_number) {
    for (Alert& alert : active) {
        std::optional<Alert>& place = states_[alert.rule][alert.subject].alert;
        if (place)
            ended_.push_back(std::move(*place));
        place = std::move(alert);
    }
}

void Evaluator::set_rules(std::vector<Rule> rules) {
    std::map<std::string, States> kept;
    for (auto& [id, states] : states_) {
        const Rule* rule = find(rules, id);
        const Rule* before = find(rules_, id);
        const bool stays = rule && rule->enabled && (!before || same_meaning(*before, *rule));
        for (auto& [subject, state] : states) {
            if (stays && (!state.alert || may_be_of(*rule, *state.alert)))
                kept[id][subject] = std::move(state);
            else if (state.alert)
                ended_.push_back(std::move(*state.alert));
        }
    }
    states_ = std::move(kept);
    rules_ = std::move(rules);
}

std::vector<Alert> Evaluator::evaluate_rates(const Snapshot& snapshot,
                                             const std::vector<std::string>& monitored) {
    using std::chrono::nanoseconds;
    const nanoseconds now = snapshot.time.boottime;
    const nanoseconds step = now - evaluated_.value_or(now);
    const auto realtime = std::chrono::floor<std::chrono::seconds>(snapshot.time.realtime);
    evaluated_ = now;

    std::vector<Alert> changes = take_ended(realtime);
    for (const Rule& rule : rules_) {
        if (!rule.enabled || rule.measure != Rule::Measure::Rate)
            continue;
        const std::chrono::seconds duration(rule.seconds);
        const bool gap =
            step < nanoseconds::zero() || step > std::max<nanoseconds>(duration, longest_interval);
        const Turns turns = [&](State& state, std::optional<double> rate) {
            const bool leads = state.alert ? !rate || is_below(rule, rate) : is_above(rule, rate);
            if (!leads)
                state.since.reset();
            else if (gap)
                state.since = now;
            else if (!state.since)
                state.since = rate ? now - snapshot.interval : now;
            return state.since && now - *state.since >= duration;
        };
        update(rule, rates_of(rule, snapshot, monitored), realtime, turns, changes);
    }
    return changes;
}

std::vector<Alert> Evaluator::evaluate_amount(const Rule& rule, const Usage& usage,
                                              std::chrono::seconds now) {
    std::vector<Alert> changes = take_ended(now);
    // The answer may come after the rule has gone or changed.
    const Rule* known = find(rules_, rule.id);
    if (!known || !known->enabled || !same_meaning(*known, rule))
        return changes;
    const TimeWindow period = period_of(rule, now);
    for (auto& [subject, state] : states_[rule.id])
        if (state.alert && (state.alert->raised < period.from || state.alert->raised >= period.to))
            changes.push_back(end(*std::exchange(state.alert, std::nullopt), now));
    const Turns turns = [&](const State& state, std::optional<double> amount) {
        return state.alert ? is_below(rule, amount) : is_above(rule, amount);
    };
    update(*known, amounts_of(rule, usage), now, turns, changes);
    return changes;
}

std::vector<Alert> Evaluator::active() const {
    std::vector<Alert> alerts;
    for (const auto& [rule, states] : states_)
        for (const auto& [subject, state] : states)
            if (state.alert)
                alerts.push_back(*state.alert);
    std::ranges::sort(alerts, {}, &Alert::number);
    return alerts;
}

std::vector<Alert> Evaluator::take_ended(std::chrono::seconds now) {
    std::vector<Alert> changes = std::exchange(ended_, {});
    for (Alert& alert : changes)
        alert = end(std::move(alert), now);
    return changes;
}

void Evaluator::update(const Rule& rule, Measurements measurements, std::chrono::seconds now,
                       const Turns& turns, std::vector<Alert>& changes) {
    States& states = states_[rule.id];
    for (const auto& [subject, state] : states) // what is gone moves nothing
        measurements.try_emplace(subject, Measured{"", 0.0});
    auto alerts =
        std::ranges::count_if(states, [](const auto& entry) { return entry.second.alert.has_value(); });
    for (const auto& [subject, measured] : measurements) {
        State& state = states[subject];
        if (turns(state, measured.value)) {
            if (state.alert) {
                changes.push_back(end(*std::exchange(state.alert, std::nullopt), now));
                state.since.reset();
                --alerts;
            } else if (std::cmp_less(alerts, most_alerts)) {
                changes.push_back(state.alert.emplace(raise(rule, subject, measured, now)));
                state.since.reset();
                ++alerts;
            }
        }
        if (!state.alert && !state.since)
            states.erase(subject);
    }
}

Alert Evaluator::raise(const Rule& rule, const std::string& subject, const Measured& measured,
                       std::chrono::seconds now) {
    Alert alert;
    alert.number = next_number_++;
    alert.rule = rule.id;
    alert.text = rule.text.empty() ? describe(rule, measured.name) : rule.text;
    alert.kind = rule.subject;
    alert.subject = subject;
    alert.name = measured.name;
    alert.raised = now;
    alert.value = static_cast<std::uint64_t>(std::llround(measured.value.value_or(0)));
    alert.threshold = rule.threshold;
    return alert;
}

} // namespace sockledger
