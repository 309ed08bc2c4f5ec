// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "collector.hpp"

#include <array>
#include <cerrno>
#include <utility>

namespace sockledger::collectd {

namespace {

constexpr unsigned turns_until_all_are_told = 3;

// "eth0"; "web/eth0" in the network namespace web. Empty where no name lasts.
std::string key_of(const sockledger_interface& row, const sockledger_snapshot_info& info) {
    if (row.netns == info.netns)
        return row.name;
    if (*row.netns_name == '\0' || row.loopback != 0)
        return {};
    return std::string(row.netns_name) + "/" + row.name;
}

int is_wanted(const char* id, const char* name, void* list) {
    return static_cast<const Ignorelist*>(list)->ignores({name, id}) ? 0 : 1;
}

} // namespace

Collector::Collector(Settings settings, Host host)
    : settings_(std::move(settings))
    , host_(std::move(host))
    , interfaces_({machine_instance})
    , apps_({other_instance}) {}

void Collector::complain(const std::string& problem) {
    if (problem != problem_)
        host_.log(Severity::Warning, problem);
    problem_ = problem;
}

void Collector::notify(const Notification& notification) const {
    host_.log(notification.severity, notification.message);
    host_.notify(notification);
}

bool Collector::open_feed() {
    if (feed_ && shown_)
        return true;
    auto shown_options = sized<sockledger_shown_options>();
    shown_options.most = settings_.top_applications;
    shown_options.wanted = is_wanted;
    shown_options.user = const_cast<Ignorelist*>(&settings_.applications);
    sockledger_shown* shown = nullptr;
    if (sockledger_shown_open(&shown_options, &shown) != 0)
        return false;
    shown_.reset(shown);

    auto options = sized<sockledger_feed_options>();
    options.flags = SOCKLEDGER_FEED_LASTING;
    options.path = settings_.socket.empty() ? nullptr : settings_.socket.c_str();
    options.sections = SOCKLEDGER_INTERFACES | SOCKLEDGER_APPS;
    std::array<char, 512> error{};
    sockledger_feed* feed = nullptr;
    if (sockledger_feed_open(&options, &feed, error.data(), error.size()) != 0) {
        complain(error.data());
        return false;
    }
    feed_.reset(feed);
    return true;
}

SnapshotHandle Collector::take() {
    if (!open_feed())
        return nullptr;
    sockledger_snapshot* snapshot = nullptr;
    if (sockledger_feed_sample(feed_.get(), &snapshot) != 0) {
        complain(sockledger_feed_error(feed_.get()));
        return nullptr;
    }
    if (!std::exchange(problem_, {}).empty())
        host_.log(Severity::Okay, "there are values again.");
    return SnapshotHandle(snapshot);
}

void Collector::say_what_is_missing(const sockledger_snapshot_info& info) {
    const bool missing = *info.missing != '\0';
    if (std::exchange(missing_, missing) == missing)
        return;
    Notification notification{
        missing ? Severity::Warning : Severity::Okay, machine_plugin, machine_instance, "bool", "exact", {}};
    notification.message = missing ? std::string("exact traffic of applications is missing: ") + info.missing
                                   : "exact traffic of applications from now on";
    notify(notification);
}

void Collector::add_machine(const sockledger_snapshot& snapshot, const sockledger_snapshot_info& info) {
    Lost lost;
    for (std::size_t i = 0; i < info.sources; ++i) {
        auto source = sized<sockledger_source_status>();
        if (sockledger_snapshot_source(&snapshot, i, &source) == 0) {
            lost.bytes += source.lost_bytes;
            lost.events += source.lost_events;
        }
    }
    collectd::add_machine(values_, info, lost);
}

void Collector::add_interfaces(const sockledger_snapshot& snapshot, const sockledger_snapshot_info& info) {
    for (std::size_t i = 0; i < info.interfaces; ++i) {
        auto row = sized<sockledger_interface>();
        if (sockledger_snapshot_interface(&snapshot, i, &row) != 0)
            continue;
        const std::string key = key_of(row, info);
        if (!key.empty() && !settings_.ignores_interface(key.c_str()))
            add_interface(values_, row, interfaces_.of(key, key.c_str()), info.realtime_ns);
    }
    interfaces_.forget_unused();
}

void Collector::add_shown(const sockledger_shown_app& app, const std::string& instance, std::uint64_t now) {
    add_app(values_, app, instance, {settings_.report_connections, settings_.report_processes},
            states_[instance], taken_before_, now);
}

// Byte counters of applications are those of the sample before, and get its time: so they add up to what
// the interfaces have at that time.
void Collector::add_apps(const sockledger_snapshot& snapshot, const sockledger_snapshot_info& info) {
    if (sockledger_shown_update(shown_.get(), &snapshot) != 0)
        return;
    const auto states_before = std::exchange(states_, {});
    auto app = sized<sockledger_shown_app>();
    const auto add = [&](const std::string& instance) {
        if (const auto known = states_before.find(instance); known != states_before.end())
            states_.insert(*known);
        add_shown(app, instance, info.realtime_ns);
    };
    for (std::size_t i = 0; i < sockledger_shown_count(shown_.get()); ++i)
        if (sockledger_shown_get(shown_.get(), i, &app) == 0)
            add(apps_.of(app.id, app.name));
    if (sockledger_shown_other(shown_.get(), &app) == 0)
        add(other_instance);
    apps_.forget_unused();
    taken_before_ = info.realtime_ns;
}

std::vector<Value> Collector::sample() {
    values_.clear();
    const SnapshotHandle snapshot = take();
    auto info = sized<sockledger_snapshot_info>();
    from_daemon_ =
        snapshot && sockledger_snapshot_describe(snapshot.get(), &info) == 0 && info.from_daemon != 0;
    if (!snapshot || info.sequence == 0)
        return {};
    say_what_is_missing(info);
    add_machine(*snapshot, info);
    add_interfaces(*snapshot, info);
    add_apps(*snapshot, info);
    return std::move(values_);
}

// Only while snapshots come from the daemon: one that hangs is waited for once, not twice.
void Collector::subscribe() {
    if (alerts_ || !from_daemon_)
        return;
    sockledger_daemon* daemon = nullptr;
    if (sockledger_daemon_open(settings_.socket.empty() ? nullptr : settings_.socket.c_str(), &daemon,
                               nullptr, 0) != 0)
        return;
    alerts_.reset(daemon);
    if (sockledger_daemon_subscribe_alerts(daemon) != 0)
        return alerts_.reset();
    book_.begin_stream();
    turns_of_stream_ = 0;
}

void Collector::pass_alerts_on() {
    subscribe();
    while (alerts_) {
        auto alert = sized<sockledger_alert>();
        const int status = sockledger_daemon_next_alert(alerts_.get(), &alert);
        if (status == -EAGAIN)
            break;
        if (status != 0)
            return alerts_.reset();
        if (const auto notification = book_.take(alert, apps_.find(alert.subject)))
            notify(*notification);
    }
    if (alerts_ && ++turns_of_stream_ == turns_until_all_are_told)
        for (const Notification& notification : book_.end_of_active())
            notify(notification);
}

} // namespace sockledger::collectd
