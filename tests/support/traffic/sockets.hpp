// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/traffic/control.hpp"
#include "support/traffic/options.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <vector>

namespace sockledger::traffic {

struct Address {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// `text` is an address of either family; throws when it is neither.
Address make_address(const std::string& text, std::uint16_t port);

void set_option(int socket, int level, int option, int value, const char* what);

/// TCP, or MPTCP or SCTP when the options say so.
UniqueFd stream_socket(const Options& o);
UniqueFd connect_stream(const Options& o, std::uint16_t port);
UniqueFd listen_stream(const Options& o, std::uint16_t port, bool reuse_port = false);
UniqueFd accept_stream(int listener);

/// The client's one connection, made on GO, or before READY when the options say `early`.
UniqueFd open_client(const Options& o);
/// The server's one connection: listens before READY, accepts on GO. With `early` it says LISTENING,
/// and is READY when it has accepted.
UniqueFd open_server(const Options& o);

/// The end of a connection at which no packet is left without a socket: FIN, then the peer's FIN.
void close_in_order(UniqueFd socket);

/// Says what this process has moved over its one connection, waits for EXIT, and closes.
void finish(UniqueFd socket, const Payload& payload);
/// The plain server: receives `bytes` over one connection.
void receive_server(const Options& o);

/// The plain UDP client: `count` datagrams, each of which is answered.
void echo_client(const Options& o);
/// The length of the next datagram, received into a buffer that is far larger.
std::uint64_t receive_datagram(int socket);
/// Receives one datagram and sends it back; nothing with MSG_DONTWAIT when none is there.
Payload echo_once(int socket, std::vector<char>& buffer, int flags = 0);

/// A UDP socket bound to `port`, with a receive buffer that holds a whole test.
UniqueFd udp_socket(const Options& o, std::uint16_t port = 0);

/// Waits until `socket` is readable; throws when nothing has come for ten seconds.
void wait_readable(int socket);
/// Until the other end has all that was sent: what is sent next cannot share a segment with it.
void wait_acknowledged(int socket);

/// Whether `socket` became readable before `stop` did, which is when someone has closed its other end.
bool readable_before_stop(int socket, int stop);

/// Exactly `bytes` by send() and recv(), in pieces of at most `piece`; they give back `bytes`.
std::uint64_t send_bytes(int socket, std::uint64_t bytes, std::size_t piece = 65536);
std::uint64_t receive_bytes(int socket, std::uint64_t bytes, std::size_t piece = 65536);
/// Everything until the peer's FIN.
std::uint64_t receive_all(int socket);

} // namespace sockledger::traffic
