// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>
#include <tuple>
#include <vector>

namespace sockledger {

/// The ports that somebody listens on, which tell the two ends of a connection apart: a server's port is
/// the service, a client's means nothing.
class Listeners {
public:
    explicit Listeners(const Snapshot& snapshot);

    /// The peer came to a service of this machine.
    bool accepted(const Connection& connection) const;
    /// Of the service that the connection is about, ours or the peer's; of what is not connected its own.
    std::uint16_t service_port(const Connection& connection) const;

private:
    using Port = std::tuple<std::uint32_t, Protocol, std::uint16_t>; // namespace, protocol, port
    static Port local_port(const Connection& connection);

    std::vector<Port> ports_; // sorted
};

} // namespace sockledger
