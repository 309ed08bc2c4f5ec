// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/inet_values.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace sockledger {

Protocol protocol_of(std::uint8_t ip_protocol, int socket_type) {
    if (socket_type == SOCK_RAW)
        return Protocol::Raw;
    switch (ip_protocol) {
    case IPPROTO_TCP:
        return Protocol::Tcp;
    case IPPROTO_UDP:
        return Protocol::Udp;
    case IPPROTO_UDPLITE:
        return Protocol::UdpLite;
    case IPPROTO_SCTP:
        return Protocol::Sctp;
    case IPPROTO_DCCP:
        return Protocol::Dccp;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        return Protocol::Icmp;
    case IPPROTO_RAW:
        return Protocol::Raw;
    default:
        return Protocol::Other;
    }
}

SocketState socket_state_of(std::uint8_t state) {
    constexpr auto last = static_cast<std::uint8_t>(SocketState::NewSynRecv);
    return state <= last ? static_cast<SocketState>(state) : SocketState::Unknown;
}

Endpoint endpoint_of(std::uint16_t family, const std::uint8_t* address, std::uint16_t port) {
    static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    Endpoint endpoint;
    endpoint.port = port;
    bool is_mapped = family == AF_INET6 && std::equal(mapped.begin(), mapped.end(), address);
    endpoint.ipv6 = family == AF_INET6 && !is_mapped;
    if (is_mapped)
        address += mapped.size();
    std::copy_n(address, endpoint.ipv6 ? 16 : 4, endpoint.address.begin());
    return endpoint;
}

} // namespace sockledger
