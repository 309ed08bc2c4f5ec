// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names/listeners.hpp"

#include <algorithm>

namespace sockledger {

Listeners::Port Listeners::local_port(const Connection& connection) {
    return {connection.id.netns, connection.protocol, connection.local.port};
}

Listeners::Listeners(const Snapshot& snapshot) {
    for (const Connection& connection : snapshot.connections) {
        if (connection.state == SocketState::Listen) {
            ports_.push_back(local_port(connection));
        }
    }
    std::ranges::sort(ports_);
}

bool Listeners::accepted(const Connection& connection) const {
    return connection.scope != Scope::Unspecified &&
           std::ranges::binary_search(ports_, local_port(connection));
}

std::uint16_t Listeners::service_port(const Connection& connection) const {
    const bool ours = connection.scope == Scope::Unspecified || accepted(connection);
    return ours ? connection.local.port : connection.remote.port;
}

} // namespace sockledger
