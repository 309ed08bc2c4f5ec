// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <cstdint>
#include <vector>

namespace sockledger {

/// Who is at the other end of a connection, as the kernel noted when it was made.
struct Peer {
    std::uint32_t uid = 0;             ///< SO_PEERCRED, effective
    std::uint32_t gid = 0;             ///< SO_PEERCRED, effective
    std::vector<std::uint32_t> groups; ///< SO_PEERGROUPS, supplementary
    bool operator==(const Peer&) const = default;
};

/// Threads: any.
Result<Peer> peer_of(int socket);

} // namespace sockledger
