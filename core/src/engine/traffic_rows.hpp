// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/accounts.hpp"
#include "engine/interface_books.hpp"
#include "samplers/reading.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>

namespace sockledger {

/// Carries the rows of the packet counter into the books: what each row moved since the last reading,
/// in wire bytes, goes to its process, its application and its interface. Rows start at zero when the
/// source opens, so a row that shows up has all of its bytes to add.
class TrafficRows {
public:
    void read(const TrafficReading& reading, Accounts& accounts, InterfaceBooks& interfaces,
              std::chrono::nanoseconds now);

    /// The applications that rows of forgotten processes belong to, among others.
    std::set<const AppAccount*> apps() const;

    /// What the rows hold now was known in another way: only what comes from now on is carried.
    void begin(const TrafficReading& reading);

private:
    struct Key {
        ProcessId process;
        InterfaceId interface;
        bool copy = false;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    struct State {
        TrafficCounters counted;   // at the last reading
        AppAccount* app = nullptr; // who got the last bytes
        std::uint64_t read_number = 0;
    };
    void book(const TrafficRow& row, State& state, const TrafficCounters& step, Accounts& accounts,
              InterfaceBooks& interfaces);

    boost::unordered_flat_map<Key, State, Hash> rows_;
    std::uint64_t read_number_ = 0;
};

} // namespace sockledger
