// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/identity.hpp"
#include "engine/meter.hpp"
#include "samplers/reading.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sockledger {

class InterfaceBooks;

/// What an application has moved, its dead processes included.
struct AppAccount {
    AppIdentity identity;
    Meter traffic; ///< outside loopback
    Meter loopback;
    struct Part {
        Meter traffic;
        Amount at_sweep; ///< the totals when interfaces were last swept
    };
    std::map<InterfaceId, Part> by_interface;
    ConnectionCounts connections;
    std::optional<std::chrono::nanoseconds> gone_since; ///< nobody was seen of it at the sweeps since then
};

struct ProcessAccount {
    Process process; ///< without its traffic
    AppAccount* app = nullptr;
    Meter traffic; ///< outside loopback
    Meter loopback;
    std::optional<std::chrono::nanoseconds> exited_at;
};

/// Who moved the bytes: processes, and the applications that they belong to. An application keeps
/// the bytes of its processes; one that is gone and a process that exited are remembered for a while, so
/// that hosts can show them, but memory does not grow with everything that ever ran.
class Accounts {
public:
    /// Applies what is new about processes: a program replaced by exec moves the process to another
    /// application from now on. `apps` names them; a process that it leaves out goes by identify().
    /// `identities` say who exited when nobody else does.
    void read(const ProcessesReading& reading, const AppsReading& apps,
              const std::vector<KernelIdentity>& identities, std::chrono::nanoseconds now);

    /// nullptr for a process that is not known. Valid until the next read(); an AppAccount stays until it is
    /// swept.
    ProcessAccount* find(const ProcessId& id);
    /// Opens an account for a process that moved bytes and that nobody described.
    ProcessAccount& meet(const ProcessId& id, const std::vector<KernelIdentity>& identities,
                         std::chrono::nanoseconds now);
    AppAccount& app(const AppIdentity& identity);
    /// The part of `app` on one interface.
    Meter& on_interface(AppAccount& app, const InterfaceId& interface) const;

    /// Where bytes passed.
    struct Place {
        std::optional<InterfaceId> interface;
        bool loopback = false;
    };
    /// What was not counted packet by packet goes to a process and its application, or to the unknown one
    /// when nobody knows who it was.
    void book(const ProcessId& who, const Place& place, const Amount& amount, Accuracy how);

    void clear_connection_counts();

    /// Time to sweep: there may be more applications than are worth their memory.
    bool is_crowded(std::chrono::nanoseconds now) const;
    /// Forgets applications of which there is no process and no connection: those that never moved a byte,
    /// and of the others all but the last to go. Not those in `held`, which somebody still points to.
    void sweep(const std::set<const AppAccount*>& held, std::chrono::nanoseconds now);

    /// From time to time forgets what was moved on interfaces that have no book and that nothing was moved on
    /// for five minutes: containers come with new ones all day.
    void sweep_interfaces(const InterfaceBooks& books, std::chrono::nanoseconds now);

    void close(std::chrono::nanoseconds interval);
    void skip();
    void fill(Snapshot& snapshot, Accuracy accuracy) const;

private:
    void describe(const ProcessRecord& record, const AppIdentity& identity);
    void exit(const ProcessId& id, std::chrono::nanoseconds now);
    void forget_the_dead(std::chrono::nanoseconds now);
    void fill_apps(Snapshot& snapshot, Accuracy accuracy) const;
    template<typename End>
    void end_interval(End end);
    template<typename Map, typename Id>
    auto& open_account(Map& accounts, const Id& id) const;

    std::map<AppId, AppAccount> apps_;
    std::map<ProcessId, ProcessAccount> processes_;
    std::deque<std::pair<std::chrono::nanoseconds, ProcessId>> dead_; // oldest first
    std::optional<std::chrono::nanoseconds> swept_at_;
    std::optional<std::chrono::nanoseconds> interfaces_swept_at_;
    bool in_interval_ = false; // counted at the last sample: who is new now has moved nothing before
};

} // namespace sockledger
