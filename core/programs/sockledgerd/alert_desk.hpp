// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "config.hpp"
#include "history_worker.hpp"
#include "rules/evaluator.hpp"
#include "rules/hook.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sockledger::daemon {

/// The rules in force, from the configuration and from clients, and what becomes of their alerts.
/// Threads: the one that runs the io_context.
class AlertDesk {
public:
    /// `raised_or_cleared` gets every alert that begins or ends. Without history their numbers begin at
    /// `first_number`.
    AlertDesk(HookRunner& hooks, std::uint64_t first_number,
              std::function<void(const Alert&)> raised_or_cleared);

    /// Rules that clients have set, and alerts of an earlier run. configure() before this, or an alert of a
    /// configured rule is taken for one whose rule has gone.
    void take_kept(std::vector<Rule> stored, const std::vector<Alert>& past);
    /// Rules of the configuration take the place of those before; a stored one of the same id rests.
    void configure(std::vector<ConfiguredRule> configured);
    void set(const Rule& rule);
    void remove(const std::string& id);
    bool is_configured(const std::string& id) const { return configured_.contains(id); }
    bool is_stored(const std::string& id) const { return stored_.contains(id); }
    /// In order of id.
    std::vector<Rule> rules() const;
    std::vector<Alert> active() const { return evaluator_.active(); }

    bool watches_rates() const;
    bool watches_every_interface() const;
    void evaluate_rates(const Snapshot& snapshot, const std::vector<std::string>& monitored);
    /// Asks history how far each amount has come.
    void evaluate_amounts(HistoryWorker& history, std::chrono::seconds now);

private:
    void apply();
    void tell(const std::vector<Alert>& alerts);

    std::map<std::string, Rule> stored_;
    std::map<std::string, ConfiguredRule> configured_;
    Evaluator evaluator_;
    HookRunner& hooks_;
    std::function<void(const Alert&)> raised_or_cleared_;
    std::uint64_t last_number_; ///< of an alert of this run
};

} // namespace sockledger::daemon
