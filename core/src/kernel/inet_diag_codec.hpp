// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_message.hpp"
#include "samplers/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// NETLINK_SOCK_DIAG messages of internet sockets, as pure functions of bytes. Threads: any.
namespace sockledger {

struct InetDiagRequest {
    std::uint16_t type = 0; ///< of the message, and of the answers
    std::vector<std::byte> body;
};

/// The dumps that together give every socket of a protocol in every state, IPv4 and IPv6; none for a
/// protocol that sock_diag does not list.
std::vector<InetDiagRequest> inet_diag_requests(Protocol protocol);

/// One answer: a socket without process, descriptor and namespace, which the kernel does not tell.
/// Nothing when the bytes are no answer. The kernel gives an SCTP association as a socket of its own,
/// with the cookie of the endpoint that it belongs to and with its own state numbers.
std::optional<SocketRecord> parse_inet_diag(Bytes payload, Protocol protocol);

/// Leaves one record of each SCTP socket: the one that knows its peer, when there is one.
void merge_associations(std::vector<SocketRecord>& sockets);

} // namespace sockledger
