// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <limits>
#include <linux/sockios.h>
#include <poll.h>
#include <stdexcept>
#include <sys/ioctl.h>

namespace sockledger::traffic {
namespace {

constexpr int udp_receive_buffer = 64 << 20;
constexpr int patience_ms = 10'000;

/// The address to bind to: the own one when it was given, else any of the family.
Address own_address(const Options& o, std::uint16_t port) {
    return make_address(!o.local.empty() ? o.local : o.ipv6() ? "::" : "0.0.0.0", port);
}

} // namespace

Address make_address(const std::string& text, std::uint16_t port) {
    Address address;
    auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        address.size = sizeof v4;
    } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        address.size = sizeof v6;
    } else {
        throw std::runtime_error("no address: " + text);
    }
    return address;
}

void set_option(int socket, int level, int option, int value, const char* what) {
    checked(setsockopt(socket, level, option, &value, sizeof value), what);
}

UniqueFd stream_socket(const Options& o) {
    int protocol = IPPROTO_TCP;
    if (o.protocol == "mptcp")
        protocol = 262; // IPPROTO_MPTCP
    else if (o.protocol == "sctp")
        protocol = IPPROTO_SCTP;
    return UniqueFd(
        checked(socket(o.ipv6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol), "socket"));
}

UniqueFd connect_stream(const Options& o, std::uint16_t port) {
    UniqueFd socket = stream_socket(o);
    const Address peer = make_address(o.peer, port);
    checked(connect(socket.get(), peer.get(), peer.size), "connect");
    return socket;
}

UniqueFd listen_stream(const Options& o, std::uint16_t port, bool reuse_port) {
    UniqueFd socket = stream_socket(o);
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    if (reuse_port)
        set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT");
    const Address own = own_address(o, port);
    checked(bind(socket.get(), own.get(), own.size), "bind");
    checked(listen(socket.get(), 4096), "listen");
    return socket;
}

UniqueFd accept_stream(int listener) {
    return UniqueFd(checked(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), "accept"));
}

UniqueFd open_client(const Options& o) {
    UniqueFd socket;
    if (o.early)
        socket = connect_stream(o, o.port);
    ready_and_wait();
    if (!o.early)
        socket = connect_stream(o, o.port);
    return socket;
}

UniqueFd open_server(const Options& o) {
    const UniqueFd listener = listen_stream(o, o.port);
    if (!o.early) {
        ready_and_wait();
        return accept_stream(listener.get());
    }
    say("LISTENING");
    UniqueFd socket = accept_stream(listener.get());
    ready_and_wait();
    return socket;
}

void close_in_order(UniqueFd socket) {
    int protocol = 0;
    socklen_t size = sizeof protocol;
    checked(getsockopt(socket.get(), SOL_SOCKET, SO_PROTOCOL, &protocol, &size), "SO_PROTOCOL");
    if (protocol == IPPROTO_SCTP)
        return; // has no half that stays open
    shutdown(socket.get(), SHUT_WR);
    receive_all(socket.get());
}

void finish(UniqueFd socket, const Payload& payload) {
    report(payload);
    done(socket.get());
    close_in_order(std::move(socket));
}

void receive_server(const Options& o) {
    UniqueFd socket = open_server(o);
    const std::uint64_t received = receive_bytes(socket.get(), o.bytes);
    finish(std::move(socket), {0, received});
}

UniqueFd udp_socket(const Options& o, std::uint16_t port) {
    UniqueFd socket(checked(::socket(o.ipv6() ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    set_option(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, udp_receive_buffer, "SO_RCVBUFFORCE");
    if (port) {
        const Address own = own_address(o, port);
        checked(bind(socket.get(), own.get(), own.size), "bind");
    }
    return socket;
}

void wait_readable(int socket) {
    pollfd waiting{socket, POLLIN, 0};
    if (checked(poll(&waiting, 1, patience_ms), "poll") == 0)
        throw std::runtime_error("nothing came for ten seconds");
}

void wait_acknowledged(int socket) {
    int unacknowledged = 1;
    for (int waited_ms = 0; unacknowledged != 0; ++waited_ms) {
        if (waited_ms > patience_ms)
            throw std::runtime_error("not acknowledged for ten seconds");
        checked(ioctl(socket, SIOCOUTQ, &unacknowledged), "SIOCOUTQ");
        if (unacknowledged != 0)
            poll(nullptr, 0, 1);
    }
}

bool readable_before_stop(int socket, int stop) {
    pollfd waiting[]{{socket, POLLIN, 0}, {stop, POLLIN, 0}};
    checked(poll(waiting, 2, -1), "poll");
    return waiting[1].revents == 0;
}

std::uint64_t send_bytes(int socket, std::uint64_t bytes, std::size_t piece) {
    const std::vector<char> buffer(piece, 'x');
    for (std::uint64_t left = bytes; left > 0;) {
        const std::size_t wanted = std::min<std::uint64_t>(left, piece);
        left -=
            static_cast<std::uint64_t>(checked(send(socket, buffer.data(), wanted, MSG_NOSIGNAL), "send"));
    }
    return bytes;
}

std::uint64_t receive_bytes(int socket, std::uint64_t bytes, std::size_t piece) {
    std::vector<char> buffer(piece);
    for (std::uint64_t left = bytes; left > 0;) {
        const std::size_t wanted = std::min<std::uint64_t>(left, piece);
        const ssize_t length = checked(recv(socket, buffer.data(), wanted, 0), "recv");
        if (length == 0)
            throw std::runtime_error("the peer has closed early");
        left -= static_cast<std::uint64_t>(length);
    }
    return bytes;
}

std::uint64_t receive_all(int socket) {
    std::vector<char> buffer(65536);
    std::uint64_t received = 0;
    while (const ssize_t length = checked(recv(socket, buffer.data(), buffer.size(), 0), "recv"))
        received += static_cast<std::uint64_t>(length);
    return received;
}

} // namespace sockledger::traffic
