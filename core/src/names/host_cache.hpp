// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace sockledger {

/// Names that were found, and that none was found, for a while. Endpoints without port; time is any that
/// goes on steadily. Threads: one at a time.
class HostCache {
public:
    using Time = std::chrono::nanoseconds;
    struct Entry {
        std::string name; ///< empty: it has none
        Time until{};     ///< from then on it should be asked again, and still is the best that is known
    };

    explicit HostCache(std::size_t capacity) : capacity_(capacity) {}

    /// nullptr when nothing is known. Valid until the next call of keep().
    const Entry* find(const Endpoint& address) const;
    /// Forgets the one that is due first when there is no room.
    void keep(const Endpoint& address, std::string name, Time until);

    std::size_t size() const { return entries_.size(); }

private:
    std::size_t capacity_;
    std::map<Endpoint, Entry> entries_;
};

} // namespace sockledger
