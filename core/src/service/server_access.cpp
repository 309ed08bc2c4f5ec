// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server_access.hpp"

#include <algorithm>

namespace sockledger {

bool privileged(const Peer& peer, const Access& access) {
    if (peer.uid == 0 || peer.uid == access.user)
        return true;
    return access.group &&
           (peer.gid == *access.group || std::ranges::find(peer.groups, *access.group) != peer.groups.end());
}

Visible visible_to(const Peer& peer, const Access& access) {
    return privileged(peer, access) ? Visible{} : Visible{false, peer.uid};
}

} // namespace sockledger
