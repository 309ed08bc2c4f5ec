// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>

/// What one client may see of a Snapshot. Interfaces, apps and totals are for everyone. Threads: any.
namespace sockledger {

/// Everything, or the processes and connections of one user.
struct Visible {
    bool all = true;
    std::uint32_t uid = 0; ///< unless `all`
    auto operator<=>(const Visible&) const = default;
};

bool may_see(const Process&, Visible);
/// His own, and those that a process of his holds.
bool may_see(const Connection&, const Snapshot&, Visible);

/// The Snapshot as this client may see it. What is selected from it tells nothing of other users: a
/// filter by port finds no app by a connection of somebody else.
Snapshot visible_part(const Snapshot&, Visible);

} // namespace sockledger
