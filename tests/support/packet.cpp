// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/packet.hpp"

#include <netinet/in.h>
#include <span>

namespace sockledger::test {
namespace {

constexpr std::size_t ethernet_header = 14;
using Bytes = std::span<const std::uint8_t>;

std::uint16_t word(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::string text(Bytes bytes, std::size_t at, std::size_t length) {
    return {reinterpret_cast<const char*>(bytes.data()) + at, length};
}

/// `size`: the bytes that the IP header promises from here on, which may be more than were captured.
void parse_tcp(Packet& packet, Bytes bytes, std::size_t size) {
    if (bytes.size() < 20)
        return;
    constexpr unsigned fin = 1, syn = 2, rst = 4;
    const unsigned flags = bytes[13];
    packet.fin = flags & fin;
    const std::size_t header = (bytes[12] >> 4) * 4U;
    if (flags & rst)
        packet.kind = PacketClass::TcpRst;
    else if (size > header)
        packet.kind = PacketClass::TcpData;
    else if (flags & syn)
        packet.kind = PacketClass::TcpSyn;
    else
        packet.kind = packet.fin ? PacketClass::TcpFin : PacketClass::TcpAck;
}

PacketClass icmpv6_class(std::uint8_t type) {
    if (type >= 133 && type <= 137)
        return PacketClass::NeighbourDiscovery;
    if ((type >= 130 && type <= 132) || type == 143)
        return PacketClass::Mld;
    return PacketClass::Icmpv6;
}

void parse_transport(Packet& packet, std::uint8_t protocol, Bytes bytes, std::size_t size) {
    if ((protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) && bytes.size() >= 8) {
        packet.source_port = word(bytes, 0);
        packet.destination_port = word(bytes, 2);
    }
    if (protocol == IPPROTO_TCP)
        parse_tcp(packet, bytes, size);
    else if (protocol == IPPROTO_UDP)
        packet.kind = PacketClass::Udp;
    else if (protocol == IPPROTO_ICMP)
        packet.kind = PacketClass::Icmp;
    else if (protocol == IPPROTO_IGMP)
        packet.kind = PacketClass::Igmp;
    else if (protocol == IPPROTO_ICMPV6 && !bytes.empty())
        packet.kind = icmpv6_class(bytes[0]);
}

void parse_ipv4(Packet& packet, Bytes bytes) {
    if (bytes.size() < 20)
        return;
    packet.addresses = text(bytes, 12, 8);
    const std::size_t header = (bytes[0] & 15U) * 4U;
    const std::size_t total = word(bytes, 2);
    if (word(bytes, 6) & 0x1fff)
        packet.kind = PacketClass::Fragment;
    else if (bytes.size() >= header && total >= header)
        parse_transport(packet, bytes[9], bytes.subspan(header), total - header);
}

void parse_ipv6(Packet& packet, Bytes bytes) {
    if (bytes.size() < 40)
        return;
    packet.addresses = text(bytes, 8, 32);
    std::size_t size = word(bytes, 4);
    std::uint8_t protocol = bytes[6];
    bytes = bytes.subspan(40);
    while (protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS ||
           protocol == IPPROTO_FRAGMENT) {
        if (bytes.size() < 8)
            return;
        if (protocol == IPPROTO_FRAGMENT && word(bytes, 2) >> 3) {
            packet.kind = PacketClass::Fragment;
            return;
        }
        const std::size_t header = protocol == IPPROTO_FRAGMENT ? 8 : (bytes[1] + 1U) * 8U;
        if (bytes.size() < header || size < header)
            return;
        protocol = bytes[0];
        bytes = bytes.subspan(header);
        size -= header;
    }
    parse_transport(packet, protocol, bytes, size);
}

} // namespace

const char* to_string(PacketClass kind) {
    static constexpr const char* names[]{
        "tcp data", "tcp ack", "tcp syn",  "tcp fin", "tcp second fin",      "tcp ack after fin",
        "tcp rst",  "udp",     "icmp",     "icmpv6",  "neighbour discovery", "mld",
        "igmp",     "arp",     "fragment", "other"};
    return names[static_cast<std::size_t>(kind)];
}

Packet parse_packet(const std::uint8_t* frame, std::size_t length) {
    Packet packet;
    const Bytes bytes(frame, length);
    if (length < ethernet_header)
        return packet;
    const Bytes network = bytes.subspan(ethernet_header);
    switch (word(bytes, 12)) {
    case 0x0800:
        parse_ipv4(packet, network);
        break;
    case 0x86dd:
        parse_ipv6(packet, network);
        break;
    case 0x0806:
        packet.kind = PacketClass::Arp;
        break;
    default:
        break;
    }
    return packet;
}

} // namespace sockledger::test
