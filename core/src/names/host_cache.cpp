// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names/host_cache.hpp"

#include <algorithm>

namespace sockledger {

const HostCache::Entry* HostCache::find(const Endpoint& address) const {
    const auto found = entries_.find(address);
    return found == entries_.end() ? nullptr : &found->second;
}

void HostCache::keep(const Endpoint& address, std::string name, Time until) {
    if (capacity_ == 0) {
        return;
    }
    if (entries_.size() >= capacity_ && !entries_.contains(address)) {
        entries_.erase(
            std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.until; }));
    }
    entries_[address] = {std::move(name), until};
}

} // namespace sockledger
