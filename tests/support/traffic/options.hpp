// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sockledger::traffic {

/// What one end of a scenario is told: `traffic_peer MODE client|server NAME=VALUE...`.
struct Options {
    std::string mode;
    bool server = false;
    std::string peer;  ///< address of the other end, IPv4 or IPv6
    std::string local; ///< own address
    std::string group; ///< multicast group
    std::string device;
    std::string protocol;      ///< "mptcp" or "sctp" in place of TCP; "tcp" in place of UDP
    std::uint16_t port = 7000; ///< the server's; a connected UDP client has the next one
    std::uint64_t bytes = 1'000'000;
    std::uint32_t count = 100; ///< datagrams, round trips, connections or processes
    std::uint32_t size = 50;   ///< bytes of one of them
    std::uint32_t workers = 2; ///< processes or threads
    std::uint32_t rate = 0;    ///< connections a second; 0 as fast as it goes
    std::uint32_t ports = 1;   ///< servers listen on so many, from `port` on
    bool early = false;        ///< make the connection before READY
    bool loop = false;         ///< the multicast sender's own machine receives too
    bool turns = false;        ///< parent and child use the socket in turns, not the child alone
    bool compete = false;      ///< workers take what comes, not in turns
    bool sqpoll = false;       ///< io_uring by a kernel thread

    bool ipv6() const { return (peer.empty() ? local : peer).find(':') != std::string::npos; }
};

/// Throws std::runtime_error that names what is wrong.
Options parse_options(std::span<char* const> arguments);

using Role = void (*)(const Options&);

/// A kind of traffic; `server` is null when the kernel of the other side answers.
struct Mode {
    const char* name;
    Role client;
    Role server;
};

std::span<const Mode> tcp_modes();        ///< bulk, ping-pong, odd ways to read and write
std::span<const Mode> connection_modes(); ///< many connections: storms, workers
std::span<const Mode> bypass_modes();     ///< sendfile, splice, zero-copy, io_uring
std::span<const Mode> udp_modes();
std::span<const Mode> multicast_modes();
std::span<const Mode> raw_modes();       ///< ping and raw sockets
std::span<const Mode> sctp_modes();      ///< one socket with many peers
std::span<const Mode> ownership_modes(); ///< who uses the socket is not who made it

} // namespace sockledger::traffic
