// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/peer.hpp"
#include "service/visibility.hpp"

#include <cstdint>
#include <optional>

/// Who may see everything and change settings. Threads: any.
namespace sockledger {

/// Besides root: the user that the daemon runs as, and the members of a group.
struct Access {
    std::uint32_t user = 0;
    std::optional<std::uint32_t> group;
    bool operator==(const Access&) const = default;
};

bool privileged(const Peer&, const Access&);

/// Everything for the privileged, for others what is their own.
Visible visible_to(const Peer&, const Access&);

} // namespace sockledger
