// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

/// The Backend: what clients ask.
namespace sockledger::daemon {

namespace {

/// What is written must not wait for ever behind what is asked.
constexpr std::size_t most_questions = 32;

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

Result<SnapshotPtr> Daemon::snapshot(bool sockets) {
    return sampler_->fresh(sockets);
}

void Daemon::usage(const UsageQuery& query, Reply<Usage> reply) {
    if (refused(reply))
        return;
    if (questions_ >= most_questions) {
        reply(Error{"history is busy with " + std::to_string(questions_) + " questions", EBUSY});
        return;
    }
    ++questions_;
    sampler_->catch_up();
    history_->ask([query](Store& store) { return store.usage(query); },
                  [this, reply = std::move(reply)](Result<Usage> usage) {
                      --questions_;
                      reply(std::move(usage));
                  });
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
    for (const Interface& interface : snapshot->interfaces) {
        std::string name = history_name(interface, *snapshot);
        const bool recorded = monitored.contains(interface, name);
        if (name != other_namespaces)
            list.push_back({std::move(name), true, recorded,
                            std::ranges::find(counted, interface.id) != counted.end(), std::nullopt});
    }
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
    status.history = history_status_;
    reply(std::move(status));
}

} // namespace sockledger::daemon
