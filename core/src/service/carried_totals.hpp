// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace sockledger {

/// Makes the totals of one engine after another go on: each counter shows what was shown before and what
/// was counted since the change. Equal ids are equal things, whichever engine speaks of them.
class CarriedTotals {
public:
    /// Carries the totals of `snapshot`. A Snapshot whose `since` differs comes from another engine.
    void carry(Snapshot& snapshot);
    /// Counters that are kept: what the last Snapshot has, and of what is gone a bounded number.
    std::size_t size() const { return accounts_.size(); }

    /// What a Traffic counts of whom; the interface, and what part of it, or all of them.
    using Key = std::tuple<std::string, ProcessId, InterfaceId, int>;

private:
    using Counters = std::array<std::uint64_t, 4>;

    struct Account {
        Counters shown{};
        Counters base{}; ///< shown = base + counted, modulo 2^64
        Accuracy accuracy = Accuracy::Exact;
        std::uint64_t engine = 0; ///< that `base` was made for
    };
    void carry(Traffic& traffic, const Key& key);

    std::map<Key, Account> accounts_;
    std::chrono::nanoseconds since_{-1};
    std::uint64_t engine_ = 0; ///< counts the engines
    bool first_of_engine_ = false;
};

} // namespace sockledger
