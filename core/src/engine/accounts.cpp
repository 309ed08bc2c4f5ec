// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/accounts.hpp"

#include "engine/interface_books.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace sockledger {

namespace {

constexpr std::chrono::minutes remember_dead{5};
constexpr std::size_t most_dead = 1024;
constexpr std::ptrdiff_t most_gone = 1024;
constexpr std::chrono::seconds between_sweeps{10};
constexpr std::chrono::minutes between_interface_sweeps{5};

ProcessRecord record_of(const ProcessId& id, const KernelIdentity* identity) {
    ProcessRecord record;
    record.process = id;
    if (identity) {
        record.comm = identity->comm;
        record.exe = identity->exe;
        record.uid = identity->uid;
        record.user = std::to_string(identity->uid);
        record.parent_pid = identity->parent_pid;
    }
    return record;
}

// Writes over what an older Snapshot left in `target`, so that its nodes serve again.
void assign(std::map<InterfaceId, Traffic>& target, const std::map<InterfaceId, AppAccount::Part>& parts,
            Accuracy accuracy) {
    std::erase_if(target, [&](const auto& entry) { return !parts.contains(entry.first); });
    for (const auto& [id, part] : parts) {
        target[id] = part.traffic.traffic(accuracy);
    }
}

bool is_worth_showing(const AppAccount& app) {
    return !app.traffic.empty() || !app.loopback.empty() || app.connections.total > 0;
}

} // namespace

template<typename Map, typename Id>
auto& Accounts::open_account(Map& accounts, const Id& id) const {
    const auto [entry, is_new] = accounts.try_emplace(id);
    if (is_new && in_interval_) {
        entry->second.traffic.begin_at_zero();
        entry->second.loopback.begin_at_zero();
    }
    return entry->second;
}

void Accounts::describe(const ProcessRecord& record, const AppIdentity& identity) {
    ProcessAccount& account = open_account(processes_, record.process);
    Process& process = account.process;
    process.id = record.process;
    process.comm = record.comm;
    process.exe = record.exe;
    process.command_line = record.command_line;
    process.user = record.user;
    process.uid = record.uid;
    process.parent_pid = record.parent_pid;
    process.cgroup = record.cgroup;
    account.app = &app(identity);
    process.app = account.app->identity.id;
    process.alive = true;
    account.exited_at.reset();
}

void Accounts::exit(const ProcessId& id, std::chrono::nanoseconds now) {
    const auto entry = processes_.find(id);
    if (entry == processes_.end() || entry->second.exited_at) {
        return;
    }
    entry->second.exited_at = now;
    entry->second.process.alive = false;
    entry->second.process.connections = {};
    dead_.emplace_back(now, id);
}

void Accounts::forget_the_dead(std::chrono::nanoseconds now) {
    while (!dead_.empty() && (dead_.size() > most_dead || now - dead_.front().first > remember_dead)) {
        const auto [exited_at, id] = dead_.front();
        dead_.pop_front();
        const auto entry = processes_.find(id);
        if (entry != processes_.end() && entry->second.exited_at == exited_at) {
            processes_.erase(entry);
        }
    }
}

void Accounts::read(const ProcessesReading& reading, const AppsReading& apps,
                    const std::vector<KernelIdentity>& identities, std::chrono::nanoseconds now) {
    forget_the_dead(now);
    auto decision = apps.decided.begin(); // in the order of `described`, but some may be missing
    for (const ProcessRecord& record : reading.described) {
        const auto found =
            std::ranges::find(decision, apps.decided.end(), record.process, &AppDecision::process);
        if (found == apps.decided.end()) {
            describe(record, identify(record));
        } else {
            describe(record, found->app);
            decision = std::next(found);
        }
    }
    for (const ProcessId& id : reading.exited) {
        exit(id, now);
    }
    for (const KernelIdentity& identity : identities) {
        if (identity.exited) {
            exit(identity.process, now);
        }
    }
}

ProcessAccount* Accounts::find(const ProcessId& id) {
    const auto entry = processes_.find(id);
    return entry == processes_.end() ? nullptr : &entry->second;
}

ProcessAccount& Accounts::meet(const ProcessId& id, const std::vector<KernelIdentity>& identities,
                               std::chrono::nanoseconds now) {
    const auto identity = std::ranges::find(identities, id, &KernelIdentity::process);
    const bool known = identity != identities.end();
    const ProcessRecord record = record_of(id, known ? &*identity : nullptr);
    describe(record, identify(record));
    if (!known || identity->exited) {
        exit(id, now);
    }
    return processes_.at(id);
}

AppAccount& Accounts::app(const AppIdentity& identity) {
    AppAccount& account = open_account(apps_, identity.id);
    if (account.identity.id.empty()) {
        account.identity = identity;
    }
    return account;
}

Meter& Accounts::on_interface(AppAccount& app, const InterfaceId& interface) const {
    const auto [entry, is_new] = app.by_interface.try_emplace(interface);
    if (is_new && in_interval_) {
        entry->second.traffic.begin_at_zero();
    }
    return entry->second.traffic;
}

void Accounts::book(const ProcessId& who, const Place& place, const Amount& amount, Accuracy how) {
    ProcessAccount* const process = who.pid != 0 ? find(who) : nullptr;
    AppAccount& owner = process ? *process->app : app(unknown_app());
    if (process) {
        (place.loopback ? process->loopback : process->traffic).add(amount, how);
    }
    (place.loopback ? owner.loopback : owner.traffic).add(amount, how);
    if (place.interface) {
        on_interface(owner, *place.interface).add(amount, how);
    }
}

bool Accounts::is_crowded(std::chrono::nanoseconds now) const {
    return std::ssize(apps_) > most_gone && (!swept_at_ || now - *swept_at_ >= between_sweeps);
}

void Accounts::sweep(const std::set<const AppAccount*>& held, std::chrono::nanoseconds now) {
    swept_at_ = now;
    std::set<const AppAccount*> used = held;
    for (const auto& [id, process] : processes_) {
        used.insert(process.app);
    }
    for (auto& [id, account] : apps_) {
        if (used.contains(&account) || account.connections.total > 0) {
            account.gone_since.reset();
        } else if (!account.gone_since) {
            account.gone_since = now;
        }
    }
    std::erase_if(
        apps_, [](const auto& entry) { return entry.second.gone_since && !is_worth_showing(entry.second); });
    using Entry = decltype(apps_)::iterator;
    std::vector<Entry> gone;
    for (auto entry = apps_.begin(); entry != apps_.end(); ++entry) {
        if (entry->second.gone_since) {
            gone.push_back(entry);
        }
    }
    const auto surplus = gone.begin() + std::max(std::ssize(gone) - most_gone, std::ptrdiff_t{0});
    std::ranges::nth_element(gone, surplus, [](Entry one, Entry other) {
        return std::tie(one->second.gone_since, one->first) <
               std::tie(other->second.gone_since, other->first);
    });
    std::for_each(gone.begin(), surplus, [this](Entry entry) { apps_.erase(entry); });
}

void Accounts::sweep_interfaces(const InterfaceBooks& books, std::chrono::nanoseconds now) {
    if (interfaces_swept_at_ && now - *interfaces_swept_at_ < between_interface_sweeps) {
        return;
    }
    interfaces_swept_at_ = now;
    for (auto& [id, app] : apps_) {
        for (auto entry = app.by_interface.begin(); entry != app.by_interface.end();) {
            AppAccount::Part& part = entry->second;
            const Amount before = std::exchange(part.at_sweep, part.traffic.totals());
            const bool idle = part.at_sweep == before;
            entry = idle && !books.contains(entry->first) ? app.by_interface.erase(entry) : std::next(entry);
        }
    }
}

void Accounts::clear_connection_counts() {
    for (auto& [id, app] : apps_) {
        app.connections = {};
    }
    for (auto& [id, account] : processes_) {
        account.process.connections = {};
    }
}

template<typename End>
void Accounts::end_interval(End end) {
    for (auto& [id, app] : apps_) {
        end(app.traffic);
        end(app.loopback);
        for (auto& [interface, part] : app.by_interface) {
            end(part.traffic);
        }
    }
    for (auto& [id, account] : processes_) {
        end(account.traffic);
        end(account.loopback);
    }
}

void Accounts::close(std::chrono::nanoseconds interval) {
    end_interval([&](Meter& meter) { meter.close(interval); });
    in_interval_ = true;
}

void Accounts::skip() {
    end_interval([](Meter& meter) { meter.skip(); });
    in_interval_ = false;
}

void Accounts::fill_apps(Snapshot& snapshot, Accuracy accuracy) const {
    std::map<const AppAccount*, std::vector<ProcessId>> live;
    for (const auto& [id, account] : processes_) {
        if (account.process.alive) {
            live[account.app].push_back(id);
        }
    }
    std::size_t count = 0;
    for (const auto& [id, account] : apps_) {
        const auto processes = live.find(&account);
        if (processes == live.end() && !is_worth_showing(account)) {
            continue;
        }
        if (count == snapshot.apps.size()) {
            snapshot.apps.emplace_back();
        }
        App& app = snapshot.apps[count++];
        app.id = id;
        app.name = account.identity.name;
        app.icon = account.identity.icon;
        if (processes == live.end()) {
            app.processes.clear();
        } else {
            app.processes = processes->second;
        }
        app.traffic = account.traffic.traffic(accuracy);
        app.loopback = account.loopback.traffic(accuracy);
        assign(app.by_interface, account.by_interface, accuracy);
        app.connections = account.connections;
    }
    snapshot.apps.resize(count);
}

void Accounts::fill(Snapshot& snapshot, Accuracy accuracy) const {
    fill_apps(snapshot, accuracy);
    snapshot.processes.resize(processes_.size());
    auto process = snapshot.processes.begin();
    for (const auto& [id, account] : processes_) {
        *process = account.process;
        process->traffic = account.traffic.traffic(accuracy);
        process->loopback = account.loopback.traffic(accuracy);
        ++process;
    }
}

} // namespace sockledger
