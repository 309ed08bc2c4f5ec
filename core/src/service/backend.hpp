// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/daemon.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace sockledger {

/// What the service asks of the daemon that it belongs to. Every function is called on the service's
/// thread and returns at once; a `Reply` is called on that thread too, exactly once, perhaps later.
/// Error::code tells the client's mistakes from ours: EINVAL and E2BIG for a parameter that makes no sense, ENOENT
/// for a rule that is not there, EPERM for one that stands in the configuration file.
class Backend {
public:
    template<typename T>
    using Reply = std::function<void(Result<T>)>;

    virtual ~Backend() = default;

    /// A Snapshot that is at most a quarter of a second old, with its socket table when that is needed.
    virtual Result<SnapshotPtr> snapshot(bool sockets) = 0;

    virtual void usage(const UsageQuery& query, Reply<Usage> reply) = 0;
    virtual void interfaces(Reply<std::vector<KnownInterface>> reply) = 0;
    virtual void set_monitored_interfaces(const std::vector<std::string>& names, Reply<void> reply) = 0;

    virtual std::vector<Rule> rules() = 0;
    virtual void set_rule(const Rule& rule, Reply<void> reply) = 0;
    virtual void remove_rule(const std::string& id, Reply<void> reply) = 0;
    virtual void alerts(std::chrono::seconds since, Reply<std::vector<Alert>> reply) = 0;
    virtual std::vector<Alert> active_alerts() = 0;

    /// Without what the service knows itself (clients, privileged).
    virtual void status(Reply<DaemonStatus> reply) = 0;
};

} // namespace sockledger
