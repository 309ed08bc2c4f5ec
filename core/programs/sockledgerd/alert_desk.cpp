// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alert_desk.hpp"

#include <algorithm>

namespace sockledger::daemon {

namespace {

struct Answer {
    Rule rule;
    Usage usage;
};

} // namespace

AlertDesk::AlertDesk(HookRunner& hooks, std::uint64_t first_number,
                     std::function<void(const Alert&)> raised_or_cleared)
    : evaluator_({}, first_number)
    , hooks_(hooks)
    , raised_or_cleared_(std::move(raised_or_cleared))
    , last_number_(0) {}

void AlertDesk::take_kept(std::vector<Rule> stored, const std::vector<Alert>& past) {
    for (Rule& rule : stored)
        stored_.insert_or_assign(rule.id, std::move(rule));
    std::vector<Alert> active = evaluator_.active();
    for (const Alert& alert : past) {
        last_number_ = std::max(last_number_, alert.number);
        if (alert.active)
            active.push_back(alert);
    }
    evaluator_ = Evaluator(std::move(active), last_number_ + 1);
    apply();
}

void AlertDesk::configure(std::vector<ConfiguredRule> configured) {
    configured_.clear();
    for (ConfiguredRule& rule : configured)
        configured_.emplace(rule.rule.id, std::move(rule));
    apply();
}

void AlertDesk::set(const Rule& rule) {
    stored_[rule.id] = rule;
    apply();
}

void AlertDesk::remove(const std::string& id) {
    stored_.erase(id);
    apply();
}

std::vector<Rule> AlertDesk::rules() const {
    std::map<std::string, Rule> all = stored_;
    for (const auto& [id, configured] : configured_)
        all[id] = configured.rule;
    std::vector<Rule> rules;
    for (auto& [id, rule] : all)
        rules.push_back(std::move(rule));
    return rules;
}

void AlertDesk::apply() {
    evaluator_.set_rules(rules());
}

void AlertDesk::tell(const std::vector<Alert>& alerts) {
    for (const Alert& alert : alerts) {
        last_number_ = std::max(last_number_, alert.number);
        raised_or_cleared_(alert);
        const auto configured = configured_.find(alert.rule);
        if (configured != configured_.end() && !configured->second.command.argv.empty())
            hooks_.run(alert, configured->second.command);
    }
}

bool AlertDesk::watches_rates() const {
    return std::ranges::any_of(evaluator_.rules(), [](const Rule& rule) {
        return rule.enabled && rule.measure == Rule::Measure::Rate;
    });
}

bool AlertDesk::watches_every_interface() const {
    return std::ranges::any_of(evaluator_.rules(), [](const Rule& rule) {
        return rule.subject == Rule::Subject::Interface && rule.target.empty();
    });
}

void AlertDesk::evaluate_rates(const Snapshot& snapshot, const std::vector<std::string>& monitored) {
    tell(evaluator_.evaluate_rates(snapshot, monitored));
}

void AlertDesk::evaluate_amounts(HistoryWorker& history, std::chrono::seconds now) {
    std::vector<Rule> amounts = rules();
    std::erase_if(amounts,
                  [](const Rule& rule) { return !rule.enabled || rule.measure == Rule::Measure::Rate; });
    if (amounts.empty())
        return;
    history.ask(
        [amounts = std::move(amounts), now](Store& store) {
            std::vector<Answer> answers;
            for (const Rule& rule : amounts)
                if (auto usage = store.usage(query_of(rule, now)))
                    answers.push_back({rule, *std::move(usage)});
            return answers;
        },
        [this, now](const std::vector<Answer>& answers) {
            for (const auto& [rule, usage] : answers)
                tell(evaluator_.evaluate_amount(rule, usage, now));
        });
}

} // namespace sockledger::daemon
