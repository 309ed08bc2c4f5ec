// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/carried_totals.hpp"

#include <algorithm>

namespace sockledger {

namespace {

constexpr std::array counters = {&Traffic::rx_bytes, &Traffic::tx_bytes, &Traffic::rx_packets,
                                 &Traffic::tx_packets};

constexpr std::size_t most_accounts = 20'000;

enum Part : int { Everything, Loopback, OnInterface, Total, Apps, Kernel, Unattributed };

/// The application or the interface, or what the one moved on the other.
bool is_gone(const CarriedTotals::Key& key, const Snapshot& snapshot) {
    const auto& [app_id, process, interface, part] = key;
    const App* const app = app_id.empty() ? nullptr : snapshot.app(app_id);
    switch (part) {
    case OnInterface:
        return !app || !app->by_interface.contains(interface);
    case Total:
    case Apps:
    case Kernel:
    case Unattributed:
        return interface != InterfaceId{} && !snapshot.interface(interface);
    default:
        return !app_id.empty() && !app;
    }
}

} // namespace

void CarriedTotals::carry(Traffic& traffic, const Key& key) {
    if (traffic.accuracy == Accuracy::Unavailable) {
        return;
    }
    Account& account = accounts_[key];
    if (account.engine != engine_) {
        // Who shows up later began at zero; who is in an engine's first Snapshot has a past, which is
        // that of the feed itself for the first engine.
        const bool has_past = first_of_engine_ && engine_ > 1;
        for (std::size_t i = 0; i < counters.size(); ++i) {
            account.base[i] = account.shown[i] - (has_past ? traffic.*counters[i] : 0);
        }
        account.engine = engine_;
    }
    // Totals of an application fall only where its engine had forgotten it, and met it again.
    const AppId& app = std::get<AppId>(key);
    bool anew = false;
    for (std::size_t i = 0; i < counters.size(); ++i) {
        anew = anew || (!app.empty() && traffic.*counters[i] < account.shown[i] - account.base[i]);
    }
    if (anew) {
        account.base = account.shown;
    }
    for (std::size_t i = 0; i < counters.size(); ++i) {
        account.shown[i] = traffic.*counters[i] += account.base[i];
    }
    traffic.accuracy = account.accuracy = worst(account.accuracy, traffic.accuracy);
}

void CarriedTotals::carry(Snapshot& snapshot) {
    first_of_engine_ = snapshot.since != since_;
    if (first_of_engine_) {
        since_ = snapshot.since;
        ++engine_;
    }
    carry(snapshot.total, {"", {}, {}, Total});
    for (Interface& interface : snapshot.interfaces) {
        carry(interface.total, {"", {}, interface.id, Total});
        carry(interface.apps, {"", {}, interface.id, Apps});
        carry(interface.kernel, {"", {}, interface.id, Kernel});
        carry(interface.unattributed, {"", {}, interface.id, Unattributed});
    }
    for (App& app : snapshot.apps) {
        carry(app.traffic, {app.id, {}, {}, Everything});
        carry(app.loopback, {app.id, {}, {}, Loopback});
        for (auto& [interface, traffic] : app.by_interface) {
            carry(traffic, {app.id, {}, interface, OnInterface});
        }
    }
    for (Process& process : snapshot.processes) {
        carry(process.traffic, {"", process.id, {}, Everything});
        carry(process.loopback, {"", process.id, {}, Loopback});
    }
    // Processes do not come back. Applications and interfaces do, so those that are gone are kept while they
    // are not many.
    const bool crowded = accounts_.size() > most_accounts;
    std::erase_if(accounts_, [&](const auto& entry) {
        const ProcessId& process = std::get<ProcessId>(entry.first);
        return (process.pid != 0 && !snapshot.process(process)) || (crowded && is_gone(entry.first, snapshot));
    });
}

} // namespace sockledger
