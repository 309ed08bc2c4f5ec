// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <array>
#include <fstream>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace sockledger::traffic {
namespace {

void bulk_client(const Options& o) {
    UniqueFd socket = open_client(o);
    const std::uint64_t sent = send_bytes(socket.get(), o.bytes);
    finish(std::move(socket), {sent, 0});
}

void ping_pong_client(const Options& o) {
    UniqueFd socket = open_client(o);
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY");
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        payload.tx += send_bytes(socket.get(), o.size);
        payload.rx += receive_bytes(socket.get(), o.size);
    }
    finish(std::move(socket), payload);
}

void ping_pong_server(const Options& o) {
    UniqueFd socket = open_server(o);
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY");
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        payload.rx += receive_bytes(socket.get(), o.size);
        payload.tx += send_bytes(socket.get(), o.size);
    }
    finish(std::move(socket), payload);
}

/// One recv() takes `bytes` out of many packets.
void one_recv_server(const Options& o) {
    const UniqueFd listener = listen_stream(o, o.port);
    set_option(listener.get(), SOL_SOCKET, SO_RCVBUFFORCE, static_cast<int>(o.bytes * 4), "SO_RCVBUFFORCE");
    ready_and_wait();
    UniqueFd socket = accept_stream(listener.get());
    set_option(socket.get(), SOL_SOCKET, SO_RCVLOWAT, static_cast<int>(o.bytes), "SO_RCVLOWAT");
    wait_readable(socket.get()); // not before everything is here
    std::vector<char> buffer(o.bytes);
    const ssize_t length = checked(recv(socket.get(), buffer.data(), buffer.size(), 0), "recv");
    finish(std::move(socket), {0, static_cast<std::uint64_t>(length)});
}

/// Looks at everything three times, and throws every other piece away unread.
void peek_server(const Options& o) {
    UniqueFd socket = open_server(o);
    std::array<char, 4096> buffer{};
    std::uint64_t received = 0;
    for (unsigned round = 0; received < o.bytes; ++round) {
        for (int peek = 0; peek < 3; ++peek)
            checked(recv(socket.get(), buffer.data(), buffer.size(), MSG_PEEK), "recv(MSG_PEEK)");
        const int flags = round % 2 ? MSG_TRUNC : 0;
        received += static_cast<std::uint64_t>(
            checked(recv(socket.get(), buffer.data(), buffer.size(), flags), "recv"));
    }
    finish(std::move(socket), {0, received});
}

/// Writes against a full window until it was refused a thousand times; only then the server may read.
void refused_client(const Options& o) {
    UniqueFd socket = open_client(o);
    set_option(socket.get(), SOL_SOCKET, SO_SNDBUF, 32768, "SO_SNDBUF");
    const std::vector<char> buffer(100'000, 'x');
    std::uint64_t sent = 0;
    for (unsigned refused = 0; sent < o.bytes;) {
        const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), o.bytes - sent);
        const ssize_t length = send(socket.get(), buffer.data(), wanted, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (length >= 0) {
            sent += static_cast<std::uint64_t>(length);
            continue;
        }
        if (errno != EAGAIN)
            checked(length, "send");
        if (++refused == 1000)
            say("BLOCKED");
        if (refused >= 1000) {
            pollfd waiting{socket.get(), POLLOUT, 0};
            checked(poll(&waiting, 1, -1), "poll");
        }
    }
    finish(std::move(socket), {sent, 0});
}

/// Receives over the one connection that comes to a listener which is set up.
void receive_from(const UniqueFd& listener, const Options& o) {
    ready_and_wait();
    UniqueFd socket = accept_stream(listener.get());
    const std::uint64_t received = receive_bytes(socket.get(), o.bytes);
    finish(std::move(socket), {0, received});
}

void small_window_server(const Options& o) {
    const UniqueFd listener = listen_stream(o, o.port);
    set_option(listener.get(), SOL_SOCKET, SO_RCVBUF, 32768, "SO_RCVBUF");
    receive_from(listener, o);
}

/// Ends at once with its bytes still in the socket: the kernel sends them for a process that is gone.
void leave_client(const Options& o) {
    const UniqueFd socket = open_client(o);
    set_option(socket.get(), SOL_SOCKET, SO_SNDBUFFORCE, static_cast<int>(o.bytes * 4), "SO_SNDBUFFORCE");
    const std::vector<char> buffer(o.bytes, 'x');
    const ssize_t length = checked(send(socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT), "send");
    report({static_cast<std::uint64_t>(length), 0});
    say("BLOCKED");
    say("DONE");
    _exit(0);
}

void left_server(const Options& o) {
    const UniqueFd listener = listen_stream(o, o.port);
    set_option(listener.get(), SOL_SOCKET, SO_RCVBUF, 32768, "SO_RCVBUF");
    ready_and_wait();
    const UniqueFd socket = accept_stream(listener.get());
    report({0, receive_all(socket.get())});
    done();
}

/// Data in the SYN, and an answer from a socket that nobody has accepted yet; without a cookie, so at once.
void allow_fast_open() {
    std::ofstream setting("/proc/sys/net/ipv4/tcp_fastopen");
    if (!(setting << 0x207 << std::flush))
        throw std::runtime_error("tcp_fastopen cannot be set");
}

void fast_open_client(const Options& o) {
    allow_fast_open();
    ready_and_wait();
    UniqueFd socket = stream_socket(o);
    set_option(socket.get(), IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1, "TCP_FASTOPEN_CONNECT");
    const Address peer = make_address(o.peer, o.port);
    checked(connect(socket.get(), peer.get(), peer.size), "connect");
    const std::uint64_t sent = send_bytes(socket.get(), o.bytes);
    wait_acknowledged(socket.get());
    tcp_info info{};
    socklen_t size = sizeof info;
    checked(getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size), "TCP_INFO");
    if ((info.tcpi_options & TCPI_OPT_SYN_DATA) == 0)
        throw std::runtime_error("the SYN had no data");
    finish(std::move(socket), {sent, 0});
}

void fast_open_server(const Options& o) {
    allow_fast_open();
    const UniqueFd listener = listen_stream(o, o.port);
    set_option(listener.get(), IPPROTO_TCP, TCP_FASTOPEN, 16, "TCP_FASTOPEN");
    receive_from(listener, o);
}

constexpr Mode modes[]{
    {"tcp-bulk", bulk_client, receive_server},
    {"tcp-ping-pong", ping_pong_client, ping_pong_server},
    {"tcp-one-recv", bulk_client, one_recv_server},
    {"tcp-peek", bulk_client, peek_server},
    {"tcp-fast-open", fast_open_client, fast_open_server},
    {"tcp-refused", refused_client, small_window_server},
    {"tcp-leave", leave_client, left_server},
};

} // namespace

std::span<const Mode> tcp_modes() {
    return modes;
}

} // namespace sockledger::traffic
