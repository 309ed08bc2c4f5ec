// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/link_reader.hpp"

namespace sockledger {

/// Tells a device from another one that has its index now: gives LinkRecord::born. A new name, a new
/// hardware address or counters that fell do not make another device; being deleted does.
class LinkGenerations {
public:
    /// Sets `born` of each of `links`, which are sorted by ifindex. Devices that are not among them
    /// are forgotten.
    void assign(std::vector<LinkInfo>& links, const LinkReport& report);

    /// The next links come from another reader, which may call kinds by other names.
    void forget_kinds();

private:
    struct Known {
        std::uint32_t ifindex = 0;
        std::uint64_t born = 0;
        std::string kind;
        std::string hardware_address;
        LinkStats stats;
    };
    static bool looks_the_same(const Known& known, const LinkInfo& link);

    std::vector<Known> known_; // sorted by ifindex
    std::uint64_t newest_ = 0;
};

} // namespace sockledger
