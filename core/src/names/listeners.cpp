// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/listeners.hpp>

#include <algorithm>
#include <array>

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

Direction Listeners::direction(const Connection& connection) const {
    if (connection.state == SocketState::Listen)
        return Direction::Listen;
    if (connection.scope == Scope::Loopback)
        return Direction::Local;
    if (connection.scope == Scope::Unspecified)
        return Direction::Open;
    return accepted(connection) ? Direction::Inbound : Direction::Outbound;
}

std::string_view to_string(Direction direction) {
    constexpr std::array<std::string_view, 5> names{"listen", "local", "open", "inbound", "outbound"};
    return names[static_cast<std::size_t>(direction)];
}

std::uint16_t Listeners::service_port(const Connection& connection) const {
    const bool ours = connection.scope == Scope::Unspecified || accepted(connection);
    return ours ? connection.local.port : connection.remote.port;
}

} // namespace sockledger
