// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/recorder.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

/// A machine for the Recorder, and what it books.
namespace sockledger::test {

using namespace std::chrono_literals;

inline constexpr std::uint32_t netns = 4026531840;
inline constexpr InterfaceId eth0{netns, 2};
inline constexpr InterfaceId wlan0{netns, 3};
inline constexpr InterfaceId lo{netns, 1};
inline constexpr InterfaceId inside{4026532999, 2};
inline const std::string boot = "9a8b7c6d";

inline Traffic traffic(std::uint64_t rx, std::uint64_t tx) {
    Traffic traffic;
    traffic.rx_bytes = rx;
    traffic.tx_bytes = tx;
    traffic.accuracy = Accuracy::Exact;
    return traffic;
}

/// A machine whose device and applications are moved by hand.
struct Machine {
    Snapshot snapshot;
    Machine() {
        snapshot.netns = netns;
        snapshot.time.realtime = 1'800'000'000s;
        add(lo, "lo");
        add(eth0, "eth0");
        snapshot.interfaces[0].loopback = true;
        snapshot.total_of = {eth0};
    }
    void add(InterfaceId id, const char* name) {
        Interface interface;
        interface.id = id;
        interface.name = name;
        interface.total = interface.kernel = interface.unattributed = traffic(0, 0);
        snapshot.interfaces.push_back(interface);
    }
    Interface& at(InterfaceId id) { return *std::ranges::find(snapshot.interfaces, id, &Interface::id); }
    App& app(const char* id) {
        const auto found = std::ranges::find(snapshot.apps, id, &App::id);
        if (found != snapshot.apps.end())
            return *found;
        snapshot.apps.emplace_back().id = id;
        snapshot.apps.back().traffic = traffic(0, 0);
        return snapshot.apps.back();
    }
    void device(InterfaceId id, std::uint64_t rx, std::uint64_t tx = 0) {
        Interface& interface = at(id);
        interface.total.rx_bytes += rx;
        interface.total.tx_bytes += tx;
        interface.device_rx_bytes += rx;
        interface.device_tx_bytes += tx;
    }
    void moves(const char* id, InterfaceId on, std::uint64_t rx, std::uint64_t tx = 0) {
        App& moved = app(id);
        Traffic& part = moved.by_interface[on];
        part.accuracy = Accuracy::Exact;
        part.rx_bytes += rx;
        part.tx_bytes += tx;
        if (on.ifindex != lo.ifindex) {
            moved.traffic.rx_bytes += rx;
            moved.traffic.tx_bytes += tx;
        }
    }
    void forget(const std::string& id) {
        std::erase_if(snapshot.apps, [&](const App& app) { return app.id == id; });
    }
    const Snapshot& next(std::chrono::seconds later = 1s) {
        snapshot.time.realtime += later;
        ++snapshot.sequence;
        return snapshot;
    }
};

/// Everything that was booked, by interface name and app.
struct Booked {
    std::map<std::pair<std::string, std::string>, std::int64_t> rx;
    std::map<std::string, std::int64_t> total;
    void add(const Increment& increment) {
        for (const UsagePart& part : increment.parts) {
            rx[{part.interface.name, part.app}] += part.rx_bytes;
            total[part.interface.name] += part.rx_bytes + part.tx_bytes;
        }
    }
};

const Checkpoint& checkpoint_of(const Increment& increment, const std::string& name) {
    return *std::ranges::find(increment.checkpoints, name, &Checkpoint::interface);
}

} // namespace sockledger::test
