// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon.hpp"

#include "engine/interval_rates.hpp"
#include "kernel/boot_id.hpp"
#include "kernel/clock.hpp"
#include "kernel/service_manager.hpp"
#include "kernel/text.hpp"
#include "log.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <grp.h>
#include <unistd.h>
#include <utility>

namespace sockledger::daemon {

namespace {

using Clock = std::chrono::steady_clock;

constexpr char monitored_setting[] = "monitored_interfaces";
constexpr std::size_t longest_interface_name = 15; // IFNAMSIZ less its NUL
constexpr std::size_t most_names = 1000;

std::chrono::seconds clock_seconds() {
    return std::chrono::floor<std::chrono::seconds>(now().realtime);
}

Access access_of(const std::string& group) {
    Access access{geteuid(), std::nullopt};
    if (group.empty())
        return access;
    if (const struct group* found = getgrnam(group.c_str()))
        access.group = found->gr_gid;
    else
        log(Level::Notice, "there is no group '" + group + "': only root sees everything");
    return access;
}

std::string encode_names(const std::vector<std::string>& names) {
    return boost::json::serialize(boost::json::value_from(names));
}

std::vector<std::string> decode_names(const std::string& text) {
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(text, error);
    const auto names = boost::json::try_value_to<std::vector<std::string>>(value);
    return names ? *names : std::vector<std::string>{};
}

} // namespace

Daemon::Daemon(boost::asio::io_context& context, Options options, Config config)
    : context_(context)
    , options_(std::move(options))
    , config_(std::move(config))
    , started_(clock_seconds())
    , hooks_(context, [](const std::string& problem) { log(Level::Warning, problem); })
    , signals_(context, SIGINT, SIGTERM, SIGHUP) {}

StoreOptions Daemon::store_options() const {
    StoreOptions options;
    options.path = options_.state + "/history.db";
    options.keep_minutes = config_.history.keep_minutes;
    options.keep_hours = config_.history.keep_hours;
    options.keep_days = config_.history.keep_days;
    return options;
}

void Daemon::open_history() {
    if (!config_.history.enabled) {
        history_status_.detail = "history is switched off in " + options_.config;
        return;
    }
    auto store = Store::open(store_options());
    if (!store) {
        history_status_.detail = store.error().message;
        log(Level::Error, "no history: " + history_status_.detail);
        return;
    }
    say_how_history_does((*store)->status());
    if (auto kept = read_kept(**store))
        take_kept(*std::move(kept));
    history_ = std::make_unique<HistoryWorker>(context_, *std::move(store));
}

std::optional<Daemon::Kept> Daemon::read_kept(Store& store) {
    auto rules = store.rules();
    auto alerts = store.alerts(std::chrono::seconds{0});
    if (!rules || !alerts)
        return std::nullopt;
    return Kept{store.checkpoints(), store.setting(monitored_setting), *std::move(rules), *std::move(alerts)};
}

void Daemon::take_kept(Kept kept) {
    kept_is_here_ = true;
    auto boot = boot_id();
    recorder_.emplace(std::move(kept.checkpoints), boot ? *boot : std::string());
    if (kept.interfaces)
        chosen_interfaces_ = decode_names(*kept.interfaces);
    apply_monitored();
    alerts_->take_kept(std::move(kept.rules), kept.alerts);
}

Result<void> Daemon::start(UniqueFd listener) {
    EngineOptions engine_options;
    engine_options.exact_traffic = options_.exact;
    auto engine = Engine::open(engine_options);
    if (!engine)
        return std::move(engine).error();
    server_ = std::make_unique<Server>(context_, *this, ServerOptions{});
    // Numbers of a run that cannot see those of earlier runs are larger than all of theirs.
    alerts_ = std::make_unique<AlertDesk>(hooks_, static_cast<std::uint64_t>(started_.count()),
                                          [this](const Alert& alert) { on_alert(alert); });
    apply(config_);
    open_history();
    sampler_ = std::make_unique<Sampler>(
        context_, *std::move(engine), [this](const SnapshotPtr& snapshot) { on_snapshot(snapshot); },
        [](const Error& error) { log(Level::Error, error.message); });
    if (auto first = sampler_->start(config_.interval); !first)
        return first;
    for (const SourceStatus& source : sampler_->latest()->sources)
        log(source.accuracy == Accuracy::Unavailable ? Level::Warning : Level::Info,
            source.name + ": " + std::string(to_string(source.accuracy)) + ", " + source.detail);
    if (auto listening = server_->listen(std::move(listener)); !listening)
        return listening;
    wait_for_signal();
    return {};
}

/// What may change while running. The socket, the state directory and whether there is history may not.
void Daemon::apply(const Config& config) {
    config_ = config;
    server_->set_access(access_of(config_.group));
    alerts_->configure(config_.rules);
    if (sampler_)
        sampler_->set_interval(config_.interval);
    if (history_)
        history_->post([options = store_options()](Store& store) { store.set_retention(options); });
    apply_monitored();
    for (const ConfiguredRule& rule : config_.rules)
        if (const auto valid = validate(rule.command); !rule.command.argv.empty() && !valid)
            log(Level::Warning, "rule " + rule.rule.id + ": " + valid.error().message);
}

void Daemon::apply_monitored() {
    if (recorder_)
        recorder_->set_monitored({chosen_interfaces_.value_or(config_.monitored)});
}

void Daemon::on_snapshot(const SnapshotPtr& snapshot) {
    (void)notify_service_manager("WATCHDOG=1");
    evaluate_rates(snapshot);
    if (!history_)
        return;
    if (recorder_)
        history_->post([increment = recorder_->record(*snapshot)](Store& store) { store.append(increment); });
    // So early that the next sample may be late and still no more is lost than was promised.
    const auto interval =
        std::max<Clock::duration>(config_.history.flush - 2 * config_.interval, config_.interval) -
        config_.interval / 2.0;
    if (!flushed_at_ || Clock::now() - *flushed_at_ >= interval)
        flush();
}

// At the daemon's own pace, with the rates of that time: clients that ask more often change nothing.
void Daemon::evaluate_rates(const SnapshotPtr& snapshot) {
    if (snapshot->time.boottime - evaluated_at_ < config_.interval * 0.9)
        return;
    evaluated_at_ = snapshot->time.boottime;
    // A Snapshot is not small: without a rule about rates none is kept, and none is copied.
    const SnapshotPtr before = std::exchange(evaluated_, alerts_->watches_rates() ? snapshot : nullptr);
    alerts_->evaluate_rates(*with_rates_since(snapshot, before), monitored_interfaces());
}

void Daemon::flush() {
    flushed_at_ = Clock::now();
    const Instant time = now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.realtime);
    history_->ask(
        [seconds, steady = clock_check_.is_steady(time), wanted = !kept_is_here_](Store& store) {
            (void)store.flush(seconds, steady);
            return std::pair(store.status(), wanted ? read_kept(store) : std::nullopt);
        },
        [this](std::pair<HistoryStatus, std::optional<Kept>> result) {
            say_how_history_does(result.first);
            if (result.second && !kept_is_here_)
                take_kept(*std::move(result.second));
        });
    for (const auto& [number, alert] : unwritten_alerts_)
        write(alert);
    alerts_->evaluate_amounts(*history_, seconds);
}

void Daemon::say_how_history_does(const HistoryStatus& status) {
    if (status.detail != history_status_.detail)
        log(status.recording ? Level::Notice : Level::Error, "history: " + status.detail);
    history_status_ = status;
}

void Daemon::on_alert(const Alert& alert) {
    const std::string whose = alert.name.empty() ? "" : " (" + alert.name + ")";
    log(Level::Notice, (alert.active ? "alert: " : "over: ") + printable(alert.text + whose));
    server_->publish(alert);
    if (!history_)
        return;
    unwritten_alerts_[alert.number] = alert;
    write(alert);
}

void Daemon::write(const Alert& alert) {
    history_->ask([alert](Store& store) { return store.put_alert(alert).has_value(); },
                  [this, alert](bool written) {
                      const auto waiting = unwritten_alerts_.find(alert.number);
                      if (written && waiting != unwritten_alerts_.end() && waiting->second == alert)
                          unwritten_alerts_.erase(waiting);
                  });
}

void Daemon::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error)
            return;
        if (signal != SIGHUP) {
            stop();
            return;
        }
        reload();
        wait_for_signal();
    });
}

void Daemon::reload() {
    auto loaded = load_config(options_.config, options_.config_required);
    if (!loaded) {
        log(Level::Error, "the configuration stays as it was: " + loaded.error().message);
        return;
    }
    for (const std::string& warning : loaded->warnings)
        log(Level::Warning, warning);
    apply(loaded->config);
    log(Level::Notice, "read " + options_.config + " again");
}

void Daemon::stop() {
    (void)notify_service_manager("STOPPING=1");
    sampler_->catch_up();
    if (history_) {
        history_->post([now = clock_seconds()](Store& store) { (void)store.flush(now, false); });
        history_.reset();
    }
    context_.stop();
}

void Daemon::set_monitored_interfaces(const std::vector<std::string>& names, Reply<void> reply) {
    const auto is_no_name = [](const std::string& name) {
        return name.empty() || name.size() > longest_interface_name;
    };
    if (names.size() > most_names || std::ranges::any_of(names, is_no_name)) {
        reply(Error{"names have 1 to 15 bytes, and there are at most 1000", EINVAL});
        return;
    }
    if (refused(reply))
        return;
    history_->ask(
        [text = encode_names(names)](Store& store) { return store.set_setting(monitored_setting, text); },
        [this, names, reply = std::move(reply)](const Result<void>& stored) {
            if (stored) {
                chosen_interfaces_ = names;
                apply_monitored();
            }
            reply(stored);
        });
}

} // namespace sockledger::daemon
