// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace sockledger {

/// Which way a connection was made, as far as the listening ports tell.
enum class Direction : std::uint8_t {
    Listen,   ///< waits for peers
    Local,    ///< both ends are this machine
    Open,     ///< not connected
    Inbound,  ///< the peer came to a service of ours
    Outbound, ///< we went to a service of the peer
};
/// "listen", "local", "open", "inbound", "outbound".
std::string_view to_string(Direction);

/// The ports that somebody listens on, which tell the two ends of a connection apart: a server's port is
/// the service, a client's means nothing.
/// Threads: any, once made.
class Listeners {
public:
    explicit Listeners(const Snapshot& snapshot);

    /// The peer came to a service of this machine.
    bool accepted(const Connection& connection) const;
    Direction direction(const Connection& connection) const;
    /// Of the service that the connection is about, ours or the peer's; of what is not connected its own.
    std::uint16_t service_port(const Connection& connection) const;

private:
    using Port = std::tuple<std::uint32_t, Protocol, std::uint16_t>; // namespace, protocol, port
    static Port local_port(const Connection& connection);

    std::vector<Port> ports_; // sorted
};

} // namespace sockledger
