// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "cli_pipe.hpp"

#include <sockledger/daemon.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sockledger {

/// A daemon that answers what a test says, and remembers what it was asked.
class FakeDaemon : public DaemonClient {
public:
    Result<DaemonStatus> status() override { return unless_away(status_); }
    Result<Usage> usage(const UsageQuery& query) override {
        queries.push_back(query);
        return answer_usage(query);
    }
    Result<std::vector<KnownInterface>> interfaces() override { return unless_away(interfaces_); }
    Result<void> set_monitored_interfaces(const std::vector<std::string>& names) override {
        monitored = names;
        return change();
    }
    Result<std::vector<Rule>> rules() override { return unless_away(rules_); }
    Result<void> set_rule(const Rule& rule) override {
        rules_.push_back(rule);
        return change();
    }
    Result<void> remove_rule(const std::string& id) override {
        removed = id;
        return change();
    }
    Result<std::vector<Alert>> alerts(std::chrono::seconds since) override {
        alerts_since.push_back(since);
        return unless_away(alerts_);
    }

    Result<void> subscribe_alerts() override {
        ++subscriptions;
        if (away)
            return *away;
        return {};
    }
    int alerts_fd() const override { return readable_.read_end(); }
    Result<std::optional<Alert>> next_alert() override {
        char byte = 0;
        if (read(readable_.read_end(), &byte, 1) != 1)
            return std::optional<Alert>();
        const Step step = stream_.front();
        stream_.pop_front();
        return step();
    }

    /// What one call of next_alert() does.
    using Step = std::function<Result<std::optional<Alert>>()>;
    void then(Step step) {
        stream_.push_back(std::move(step));
        if (!readable_.output().write("!"))
            qFatal("pipe");
    }

    std::function<Result<Usage>(const UsageQuery&)> answer_usage = [](const UsageQuery& query) {
        Usage usage;
        usage.window = query.window;
        return usage;
    };
    DaemonStatus status_;
    std::vector<KnownInterface> interfaces_;
    std::vector<Rule> rules_;
    std::vector<Alert> alerts_;
    std::optional<Error> away;    ///< what every call says instead
    std::optional<Error> refused; ///< what every change says instead

    std::vector<UsageQuery> queries;
    std::vector<std::string> monitored{"never set"};
    std::string removed;
    std::vector<std::chrono::seconds> alerts_since;
    int subscriptions = 0;

private:
    cli::Pipe readable_; // a byte for each step
    std::deque<Step> stream_;

    template<typename T>
    Result<T> unless_away(const T& value) const {
        if (away)
            return *away;
        return value;
    }
    Result<void> change() const {
        if (refused)
            return *refused;
        return {};
    }
};

} // namespace sockledger
