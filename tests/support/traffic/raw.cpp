// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <array>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <stdexcept>

/// Payload is what follows the IP header, with the ICMP header.
namespace sockledger::traffic {
namespace {

constexpr int experimental_protocol = 253; // RFC 3692
constexpr std::size_t icmp_header = 8;

std::uint16_t internet_checksum(const std::vector<std::uint8_t>& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += i % 2 ? bytes[i] : bytes[i] << 8U;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

/// An echo request; for IPv6 and ping sockets the kernel fills in the checksum.
std::vector<std::uint8_t> echo_request(const Options& o, std::uint32_t number, std::uint16_t id) {
    std::vector<std::uint8_t> packet(icmp_header + o.size, 'x');
    packet[0] = o.ipv6() ? ICMPV6_ECHO_REQUEST : ICMP_ECHO;
    packet[1] = packet[2] = packet[3] = 0;
    packet[4] = static_cast<std::uint8_t>(id >> 8);
    packet[5] = static_cast<std::uint8_t>(id);
    packet[6] = static_cast<std::uint8_t>(number >> 8);
    packet[7] = static_cast<std::uint8_t>(number);
    const std::uint16_t checksum = internet_checksum(packet);
    packet[2] = static_cast<std::uint8_t>(checksum >> 8);
    packet[3] = static_cast<std::uint8_t>(checksum);
    return packet;
}

/// The bytes after the IP header; a raw IPv4 socket delivers that header too.
std::uint64_t receive_payload(int socket, bool with_ip_header) {
    std::array<std::uint8_t, 65536> buffer{};
    wait_readable(socket);
    const auto length =
        static_cast<std::size_t>(checked(recv(socket, buffer.data(), buffer.size(), 0), "recv"));
    return with_ip_header ? length - (buffer[0] & 15U) * 4U : length;
}

/// Raw ICMP sockets get what is for others too; this one is to get the answers alone.
void only_echo_replies(int socket, bool ipv6) {
    if (ipv6) {
        icmp6_filter filter{};
        for (auto& word : filter.data)
            word = ~0U;
        filter.data[ICMPV6_ECHO_REPLY >> 5] &= ~(1U << (ICMPV6_ECHO_REPLY & 31));
        checked(setsockopt(socket, IPPROTO_ICMPV6, ICMPV6_FILTER, &filter, sizeof filter), "ICMPV6_FILTER");
    } else {
        const icmp_filter filter{~(1U << ICMP_ECHOREPLY)};
        checked(setsockopt(socket, SOL_RAW, ICMP_FILTER, &filter, sizeof filter), "ICMP_FILTER");
    }
}

void ping(const Options& o, int type) {
    ready_and_wait();
    const bool raw = type == SOCK_RAW;
    const UniqueFd socket(checked(::socket(o.ipv6() ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC,
                                           o.ipv6() ? int(IPPROTO_ICMPV6) : int(IPPROTO_ICMP)),
                                  "socket(ICMP)"));
    if (raw)
        only_echo_replies(socket.get(), o.ipv6());
    const Address peer = make_address(o.peer, 0);
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        const auto packet = echo_request(o, i, static_cast<std::uint16_t>(getpid()));
        payload.tx += static_cast<std::uint64_t>(
            checked(sendto(socket.get(), packet.data(), packet.size(), 0, peer.get(), peer.size), "sendto"));
        payload.rx += receive_payload(socket.get(), raw && !o.ipv6());
    }
    report(payload);
    done();
}

void ping_raw(const Options& o) {
    ping(o, SOCK_RAW);
}

void ping_socket(const Options& o) {
    ping(o, SOCK_DGRAM);
}

UniqueFd raw_socket(const Options& o) {
    return UniqueFd(
        checked(socket(o.ipv6() ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, experimental_protocol),
                "socket(SOCK_RAW)"));
}

void raw_client(const Options& o) {
    ready_and_wait();
    const UniqueFd socket = raw_socket(o);
    const Address peer = make_address(o.peer, 0);
    const std::vector<char> buffer(o.size, 'x');
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i)
        payload.tx += static_cast<std::uint64_t>(
            checked(sendto(socket.get(), buffer.data(), buffer.size(), 0, peer.get(), peer.size), "sendto"));
    report(payload);
    done();
}

void raw_server(const Options& o) {
    const UniqueFd socket = raw_socket(o);
    set_option(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20, "SO_RCVBUFFORCE");
    ready_and_wait();
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i)
        payload.rx += receive_payload(socket.get(), !o.ipv6());
    report(payload);
    done();
}

constexpr Mode modes[]{
    {"ping-raw", ping_raw, nullptr},
    {"ping-socket", ping_socket, nullptr},
    {"raw", raw_client, raw_server},
};

} // namespace

std::span<const Mode> raw_modes() {
    return modes;
}

} // namespace sockledger::traffic
