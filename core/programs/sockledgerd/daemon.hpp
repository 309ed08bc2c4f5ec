// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "alert_desk.hpp"
#include "clock_check.hpp"
#include "config.hpp"
#include "daemon_options.hpp"
#include "history/recorder.hpp"
#include "history_worker.hpp"
#include "kernel/unique_fd.hpp"
#include "sampler.hpp"
#include "service/backend.hpp"
#include "service/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sockledger::daemon {

/// Engine, history, rules and service, put together. A part that cannot work here says so in the log
/// and in GetStatus, and the others go on without it.
/// Threads: the one that runs the io_context.
class Daemon final : public Backend {
public:
    Daemon(boost::asio::io_context& context, Options options, Config config);

    /// Takes the first sample and serves clients on `listener`. Fails when there is no engine at all.
    Result<void> start(UniqueFd listener);

    Result<SnapshotPtr> snapshot(bool sockets) override;
    void usage(const UsageQuery& query, Reply<Usage> reply) override;
    void interfaces(Reply<std::vector<KnownInterface>> reply) override;
    void set_monitored_interfaces(const std::vector<std::string>& names, Reply<void> reply) override;
    std::vector<Rule> rules() override { return alerts_->rules(); }
    void set_rule(const Rule& rule, Reply<void> reply) override;
    void remove_rule(const std::string& id, Reply<void> reply) override;
    void alerts(std::chrono::seconds since, Reply<std::vector<Alert>> reply) override;
    std::vector<Alert> active_alerts() override { return alerts_->active(); }
    void status(Reply<DaemonStatus> reply) override;

private:
    void open_history();
    /// What history keeps for the daemon; it comes late when the file cannot be read at first.
    struct Kept {
        std::vector<Checkpoint> checkpoints;
        std::optional<std::string> interfaces;
        std::vector<Rule> rules;
        std::vector<Alert> alerts;
    };
    static std::optional<Kept> read_kept(Store& store);
    void take_kept(Kept kept);
    void apply_monitored();
    void on_snapshot(const SnapshotPtr& snapshot);
    void flush();
    void say_how_history_does(const HistoryStatus& status);
    void on_alert(const Alert& alert);
    void write(const Alert& alert);
    void evaluate_rates(const SnapshotPtr& snapshot);
    void wait_for_signal();
    void reload();
    void stop();
    void apply(const Config& config);
    StoreOptions store_options() const;
    std::vector<KnownInterface> present_interfaces() const;
    /// Those that a rule about every interface is about; none when there is no such rule.
    std::vector<std::string> monitored_interfaces() const;

    /// Stands in for an answer of history that is not there.
    template<typename T>
    bool refused(const Reply<T>& reply) const {
        if (!history_)
            reply(Error{history_status_.detail, ENODATA});
        return !history_;
    }

    boost::asio::io_context& context_;
    Options options_;
    Config config_;
    std::chrono::seconds started_;
    HistoryStatus history_status_; ///< as of the last flush
    std::size_t questions_ = 0;    ///< that history has not answered yet
    std::map<std::uint64_t, Alert> unwritten_alerts_;
    std::chrono::nanoseconds evaluated_at_{}; ///< CLOCK_BOOTTIME; the rules about rates
    SnapshotPtr evaluated_;                   ///< by them, while there are any
    ClockCheck clock_check_;
    std::unique_ptr<HistoryWorker> history_;
    std::optional<Recorder> recorder_;
    bool kept_is_here_ = false;
    /// By a client, and kept in history; absent: as the configuration has it.
    std::optional<std::vector<std::string>> chosen_interfaces_;
    HookRunner hooks_;
    std::unique_ptr<AlertDesk> alerts_;
    std::unique_ptr<Sampler> sampler_;
    std::unique_ptr<Server> server_;
    boost::asio::signal_set signals_;
    /// At first never, so that the first sample leaves a checkpoint to recover from.
    std::optional<std::chrono::steady_clock::time_point> flushed_at_;
};

} // namespace sockledger::daemon
