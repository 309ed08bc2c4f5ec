// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/peer.hpp"

#include <cerrno>
#include <cstring>
#include <type_traits>

#include <sys/socket.h>

namespace sockledger {

namespace {

Error failure(const char* what) {
    const int code = errno;
    return {std::string(what) + ": " + std::strerror(code), code};
}

} // namespace

Result<Peer> peer_of(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0) {
        return failure("SO_PEERCRED");
    }
    Peer peer{credentials.uid, credentials.gid, {}};
    static_assert(std::is_same_v<gid_t, std::uint32_t>);
    peer.groups.resize(32);
    int result = -1;
    do {
        // ERANGE: the size has become the one that is needed
        size = static_cast<socklen_t>(peer.groups.size() * sizeof(gid_t));
        result = getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(), &size);
        peer.groups.resize(size / sizeof(gid_t));
    } while (result < 0 && errno == ERANGE);
    if (result < 0 && errno != ENODATA) { // ENODATA: not kept for this socket
        return failure("SO_PEERGROUPS");
    }
    if (result < 0) {
        peer.groups.clear();
    }
    return peer;
}

} // namespace sockledger
