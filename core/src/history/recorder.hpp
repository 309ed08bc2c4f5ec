// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/increment.hpp"

#include <sockledger/snapshot.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sockledger {

/// What history calls an interface. One of another namespace is "NAMESPACE/eth0", as several may have an
/// eth0, or other_namespaces when its namespace has no name.
std::string history_name(const Interface& interface, const Snapshot& snapshot);

/// Which interfaces are recorded.
struct MonitoredInterfaces {
    /// Names; '*' stands for any text, '?' for one character. None: every interface but loopback.
    std::vector<std::string> names;

    /// `name` as history calls it. What has no name of its own cannot be left out by name.
    bool contains(const Interface& interface, std::string_view name) const;
    bool operator==(const MonitoredInterfaces&) const = default;
};

/// The monitored interfaces that make up the machine's total: those of Snapshot::total_of, or, when
/// interfaces were chosen by name, all of these in the engine's own namespace that ride on no other.
std::vector<InterfaceId> counted_interfaces(const Snapshot& snapshot, const MonitoredInterfaces& monitored);

/// Turns the totals of successive Snapshots of one engine into what each sample adds to history.
///
/// What an interface adds is the sum of what its parts add, so the books close in every interval. The
/// sum follows the device: it may run behind or ahead by what is in flight between the device and a
/// socket, and is the device's own count whenever the link comes to rest. Packets that were counted at
/// their socket and dropped on the way to the device are taken back from "unattributed" once they have
/// not turned up for some samples.
///
/// The first Snapshot books what the devices moved since the checkpoints of an earlier run.
class Recorder {
public:
    /// `checkpoints` of the run before, `boot_id` of this boot.
    Recorder(std::vector<Checkpoint> checkpoints, std::string boot_id);

    void set_monitored(MonitoredInterfaces monitored) { monitored_ = std::move(monitored); }
    const MonitoredInterfaces& monitored() const { return monitored_; }

    Increment record(const Snapshot& snapshot);

private:
    struct Pair {
        std::int64_t rx = 0;
        std::int64_t tx = 0;
        bool operator==(const Pair&) const = default;
        Pair& operator+=(const Pair& other);
        Pair& operator-=(const Pair& other);
        friend Pair operator-(Pair left, const Pair& right) { return left -= right; }
    };
    /// A remainder that is there at every one of these samples is no packet in flight.
    static constexpr std::size_t samples_in_flight = 10;
    /// Samples after which the book of a device that has gone is closed for good. The engine, which may
    /// take five minutes for that, begins a new one with all that a new device has counted.
    static constexpr std::size_t remember_gone = 900;
    struct Book {
        HistoryInterface interface;
        bool monitored = false;
        bool present = false;                         ///< in the Snapshot that is being recorded
        Pair total;                                   ///< Interface::total as last seen
        Pair unattributed;                            ///< Interface::unattributed as last seen
        Pair in_flight;                               ///< what the device has counted and no part has, yet
        std::array<Pair, samples_in_flight> before{}; ///< of in_flight
        std::size_t samples = 0;
        std::size_t absent = 0; ///< samples on end
    };
    struct AppBook {
        std::map<InterfaceId, Pair> by_interface; ///< as last seen
        Pair forgotten;                           ///< what was moved on those that the engine has forgotten
        Pair elsewhere;                           ///< what is on no known interface, as last seen
    };

    static Pair pair_of(const Traffic& traffic);
    static bool fell(const Pair& before, const Pair& now);
    static Pair step(Pair& before, const Pair& now);
    void begin_or_end_books(const Snapshot& snapshot, Increment& increment);
    static void close_if_gone(Book& book, Increment& increment);
    static void forget_interfaces(const App& app, AppBook& account);
    void record_app(const App& app, const Snapshot& snapshot, Increment& increment);
    void record_interface(const Interface& interface, const Snapshot& snapshot, Increment& increment);
    static Pair take_settled(Book& book);
    void recover(const Interface& interface, const Book& book, Increment& increment) const;
    Checkpoint checkpoint_of(const Interface& interface, const Book& book, std::chrono::seconds time) const;

    MonitoredInterfaces monitored_;
    std::vector<Checkpoint> checkpoints_; ///< of the run before
    std::string boot_id_;
    std::map<InterfaceId, Book> books_;
    std::map<AppId, AppBook, std::less<>> apps_;
    bool begun_ = false;
};

} // namespace sockledger
