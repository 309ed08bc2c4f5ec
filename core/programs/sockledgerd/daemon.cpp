// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon.hpp"

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

// Later words overrule: what history knows, then what is here now.
std::vector<KnownInterface> merged(std::vector<KnownInterface> known, std::vector<KnownInterface> present) {
    std::map<std::string, KnownInterface> all;
    for (KnownInterface& interface : known)
        all[interface.name] = std::move(interface);
    for (KnownInterface& interface : present) {
        interface.last_seen = all[interface.name].last_seen;
        all[interface.name] = std::move(interface);
    }
    std::vector<KnownInterface> list;
    for (auto& [name, interface] : all)
        list.push_back(std::move(interface));
    return list;
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
    std::vector<Rule> rules;
    std::vector<Alert> alerts;
    if (!config_.history.enabled) {
        history_problem_ = "history is switched off in " + options_.config;
    } else if (auto store = Store::open(store_options()); !store) {
        history_problem_ = store.error().message;
        log(Level::Error, "no history: " + history_problem_);
    } else {
        say_how_history_does((*store)->status());
        auto boot = boot_id();
        recorder_.emplace((*store)->checkpoints(), boot ? *boot : std::string());
        if (const auto names = (*store)->setting(monitored_setting))
            chosen_interfaces_ = decode_names(*names);
        if (auto stored = (*store)->rules())
            rules = *std::move(stored);
        if (auto past = (*store)->alerts(std::chrono::seconds{0}))
            alerts = *std::move(past);
        history_ = std::make_unique<HistoryWorker>(context_, *std::move(store));
    }
    alerts_ = std::make_unique<AlertDesk>(std::move(rules), std::move(alerts), hooks_,
                                          [this](const Alert& alert) { on_alert(alert); });
}

Result<void> Daemon::start(UniqueFd listener) {
    EngineOptions engine_options;
    engine_options.exact_traffic = options_.exact;
    auto engine = Engine::open(engine_options);
    if (!engine)
        return std::move(engine).error();
    open_history();
    server_ = std::make_unique<Server>(context_, *this, ServerOptions{});
    apply(config_);
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
    if (recorder_)
        recorder_->set_monitored({chosen_interfaces_.empty() ? config_.monitored : chosen_interfaces_});
}

void Daemon::on_snapshot(const SnapshotPtr& snapshot) {
    (void)notify_service_manager("WATCHDOG=1");
    alerts_->evaluate_rates(*snapshot, monitored_interfaces());
    if (!history_)
        return;
    history_->post([increment = recorder_->record(*snapshot)](Store& store) { store.append(increment); });
    // So early that the next sample may be late and still no more is lost than was promised.
    const auto interval = std::max(config_.history.flush - 2 * config_.interval, config_.interval);
    if (!flushed_at_ || Clock::now() - *flushed_at_ >= interval)
        flush();
}

void Daemon::flush() {
    flushed_at_ = Clock::now();
    const auto now = clock_seconds();
    history_->ask(
        [now](Store& store) {
            (void)store.flush(now);
            return store.status();
        },
        [this](const HistoryStatus& status) { say_how_history_does(status); });
    alerts_->evaluate_amounts(*history_, now);
}

void Daemon::say_how_history_does(const HistoryStatus& status) {
    if (status.detail != std::exchange(history_detail_, status.detail))
        log(status.recording ? Level::Notice : Level::Error, "history: " + status.detail);
}

void Daemon::on_alert(const Alert& alert) {
    const std::string whose = alert.name.empty() ? "" : " (" + alert.name + ")";
    log(Level::Notice, (alert.active ? "alert: " : "over: ") + printable(alert.text + whose));
    if (history_)
        history_->post([alert](Store& store) { (void)store.put_alert(alert); });
    server_->publish(alert);
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
        history_->post([now = clock_seconds()](Store& store) { (void)store.flush(now); });
        history_.reset();
    }
    context_.stop();
}

Result<SnapshotPtr> Daemon::snapshot(bool sockets) {
    return sampler_->fresh(sockets);
}

template<typename T>
bool Daemon::refused(const Reply<T>& reply) const {
    if (!history_)
        reply(Error{history_problem_, ENODATA});
    return !history_;
}

void Daemon::usage(const UsageQuery& query, Reply<Usage> reply) {
    if (refused(reply))
        return;
    sampler_->catch_up();
    history_->ask([query](Store& store) { return store.usage(query); }, std::move(reply));
}

std::vector<std::string> Daemon::monitored_interfaces() const {
    std::vector<std::string> names;
    if (alerts_->watches_every_interface())
        for (const KnownInterface& interface : present_interfaces())
            if (interface.monitored)
                names.push_back(interface.name);
    return names;
}

std::vector<KnownInterface> Daemon::present_interfaces() const {
    std::vector<KnownInterface> list;
    const SnapshotPtr snapshot = sampler_->latest();
    const MonitoredInterfaces all;
    const MonitoredInterfaces& monitored = recorder_ ? recorder_->monitored() : all;
    const auto counted = counted_interfaces(*snapshot, monitored);
    for (const Interface& interface : snapshot->interfaces)
        list.push_back({interface.name, true, monitored.contains(interface),
                        std::ranges::find(counted, interface.id) != counted.end(), std::nullopt});
    return list;
}

void Daemon::interfaces(Reply<std::vector<KnownInterface>> reply) {
    if (!history_) {
        reply(merged({}, present_interfaces()));
        return;
    }
    history_->ask([](Store& store) { return store.interfaces(); },
                  [this, reply = std::move(reply)](Result<std::vector<KnownInterface>> known) {
                      if (known)
                          known = merged(*std::move(known), present_interfaces());
                      reply(std::move(known));
                  });
}

void Daemon::set_monitored_interfaces(const std::vector<std::string>& names, Reply<void> reply) {
    if (refused(reply))
        return;
    history_->ask(
        [text = encode_names(names)](Store& store) { return store.set_setting(monitored_setting, text); },
        [this, names, reply = std::move(reply)](const Result<void>& stored) {
            if (stored) {
                chosen_interfaces_ = names;
                apply(config_);
            }
            reply(stored);
        });
}

void Daemon::set_rule(const Rule& rule, Reply<void> reply) {
    if (alerts_->is_configured(rule.id)) {
        reply(Error{rule.id, EPERM});
        return;
    }
    if (const auto valid = validate(rule); !valid) {
        reply(Error{valid.error().message, EINVAL});
        return;
    }
    if (refused(reply))
        return;
    history_->ask([rule](Store& store) { return store.set_rule(rule); },
                  [this, rule, reply = std::move(reply)](const Result<void>& stored) {
                      if (stored)
                          alerts_->set(rule);
                      reply(stored);
                  });
}

void Daemon::remove_rule(const std::string& id, Reply<void> reply) {
    if (alerts_->is_configured(id)) {
        reply(Error{id, EPERM});
        return;
    }
    if (!alerts_->is_stored(id)) {
        reply(Error{id, ENOENT});
        return;
    }
    history_->ask([id](Store& store) { return store.remove_rule(id); },
                  [this, id, reply = std::move(reply)](const Result<void>& removed) {
                      if (removed)
                          alerts_->remove(id);
                      reply(removed);
                  });
}

void Daemon::alerts(std::chrono::seconds since, Reply<std::vector<Alert>> reply) {
    if (!history_)
        reply(alerts_->active());
    else
        history_->ask([since](Store& store) { return store.alerts(since); }, std::move(reply));
}

void Daemon::status(Reply<DaemonStatus> reply) {
    DaemonStatus status;
    status.version = SOCKLEDGER_VERSION;
    status.pid = static_cast<std::uint32_t>(getpid());
    status.started = started_;
    status.sources = sampler_->latest()->sources;
    if (!history_) {
        status.history.detail = history_problem_;
        reply(std::move(status));
        return;
    }
    history_->ask([](Store& store) { return store.status(); },
                  [status = std::move(status), reply = std::move(reply)](HistoryStatus history) mutable {
                      status.history = std::move(history);
                      reply(std::move(status));
                  });
}

} // namespace sockledger::daemon
