// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>

namespace sockledger {

/// From the kernel's numbers to ours; unknown ones become Other and Unknown. A SOCK_RAW socket is Raw
/// whatever protocol it listens to.
Protocol protocol_of(std::uint8_t ip_protocol, int socket_type);
/// tcp_states.h, which protocols without states use too: a connected UDP socket is Established, any other
/// Close.
SocketState socket_state_of(std::uint8_t state);
/// 4 or 16 bytes in network byte order at `address`; an IPv4-mapped IPv6 address becomes IPv4.
Endpoint endpoint_of(std::uint16_t family, const std::uint8_t* address, std::uint16_t port);

} // namespace sockledger
