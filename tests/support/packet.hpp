// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sockledger::test {

enum class PacketClass {
    TcpData,   ///< has payload (or a SYN that carries some)
    TcpAck,    ///< nothing but an acknowledgement
    TcpSyn,    ///< SYN and SYN-ACK
    TcpFin,    ///< the first FIN of a connection
    TcpFin2,   ///< the second one: no socket takes it when the first side has closed its own already
    TcpFinAck, ///< acknowledgements after both FINs: TIME_WAIT sends them without a socket
    TcpRst,
    Udp,
    Icmp,
    Icmpv6, ///< echo and errors
    NeighbourDiscovery,
    Mld,
    Igmp,
    Arp,
    Fragment, ///< all but the first fragment of a datagram
    Other,
};

const char* to_string(PacketClass);

/// What one Ethernet frame is, as far as it can be told from this frame alone: never TcpFin2 or
/// TcpFinAck, which a capture finds by what came before.
struct Packet {
    PacketClass kind = PacketClass::Other;
    std::uint16_t source_port = 0; ///< 0 without ports
    std::uint16_t destination_port = 0;
    bool fin = false;
    std::string addresses; ///< source then destination as they are on the wire; empty when not IP
};

/// `frame` begins with the Ethernet header and may be cut off after the transport header.
Packet parse_packet(const std::uint8_t* frame, std::size_t length);

} // namespace sockledger::test
