// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <algorithm>
#include <array>
#include <linux/udp.h>
#include <stdexcept>
#include <sys/uio.h>

namespace sockledger::traffic {
namespace {

constexpr std::size_t receive_buffer = 65536; // far more than a datagram: its length must not count

void finish_udp(const Payload& payload) {
    report(payload);
    done();
}

/// The client's socket, made on GO or before READY, connected to the server when `connected`.
UniqueFd open_udp_client(const Options& o, bool connected) {
    UniqueFd socket;
    const auto make = [&] {
        socket = udp_socket(o, static_cast<std::uint16_t>(o.port + 1));
        const Address peer = make_address(o.peer, o.port);
        if (connected)
            checked(connect(socket.get(), peer.get(), peer.size), "connect");
    };
    if (o.early)
        make();
    ready_and_wait();
    if (!o.early)
        make();
    return socket;
}

UniqueFd open_udp_server(const Options& o) {
    UniqueFd socket = udp_socket(o, o.port);
    if (o.early)
        say("LISTENING"); // as a stream's server does
    ready_and_wait();
    return socket;
}

void connected_client(const Options& o) {
    const UniqueFd socket = open_udp_client(o, true);
    const std::vector<char> buffer(o.size, 'x');
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i)
        payload.tx +=
            static_cast<std::uint64_t>(checked(send(socket.get(), buffer.data(), buffer.size(), 0), "send"));
    finish_udp(payload);
}

void connected_server(const Options& o) {
    const UniqueFd socket = open_udp_server(o);
    const Address peer = make_address(o.peer, static_cast<std::uint16_t>(o.port + 1));
    checked(connect(socket.get(), peer.get(), peer.size), "connect");
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i)
        payload.rx += receive_datagram(socket.get());
    finish_udp(payload);
}

void echo_server(const Options& o) {
    const UniqueFd socket = open_udp_server(o);
    std::vector<char> buffer(receive_buffer);
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        wait_readable(socket.get());
        payload += echo_once(socket.get(), buffer);
    }
    finish_udp(payload);
}

/// `count` messages of one piece each, for sendmmsg() and recvmmsg().
class Batch {
public:
    Batch(std::size_t count, std::size_t size) : memory_(count * size), pieces_(count), messages_(count) {
        for (std::size_t i = 0; i < count; ++i) {
            pieces_[i] = {memory_.data() + i * size, size};
            messages_[i].msg_hdr.msg_iov = &pieces_[i];
            messages_[i].msg_hdr.msg_iovlen = 1;
        }
    }
    mmsghdr* data() { return messages_.data(); }
    std::uint64_t length(int messages) const {
        std::uint64_t sum = 0;
        for (int i = 0; i < messages; ++i)
            sum += messages_[static_cast<std::size_t>(i)].msg_len;
        return sum;
    }

private:
    std::vector<char> memory_;
    std::vector<iovec> pieces_;
    std::vector<mmsghdr> messages_;
};

constexpr std::uint32_t batch_size = 32;

void batch_client(const Options& o) {
    const UniqueFd socket = open_udp_client(o, true);
    Batch batch(batch_size, o.size);
    Payload payload;
    for (std::uint32_t left = o.count; left > 0;) {
        const int sent =
            checked(sendmmsg(socket.get(), batch.data(), std::min(left, batch_size), 0), "sendmmsg");
        payload.tx += batch.length(sent);
        left -= static_cast<std::uint32_t>(sent);
    }
    finish_udp(payload);
}

void batch_server(const Options& o) {
    const UniqueFd socket = open_udp_server(o);
    Batch batch(batch_size, receive_buffer);
    Payload payload;
    for (std::uint32_t left = o.count; left > 0;) {
        wait_readable(socket.get());
        const int received =
            checked(recvmmsg(socket.get(), batch.data(), batch_size, MSG_DONTWAIT, nullptr), "recvmmsg");
        payload.rx += batch.length(received);
        left -= static_cast<std::uint32_t>(received);
    }
    finish_udp(payload);
}

/// `count` datagrams of `size`, many in each call: the kernel cuts them.
void segment_client(const Options& o) {
    const UniqueFd socket = open_udp_client(o, true);
    set_option(socket.get(), IPPROTO_UDP, UDP_SEGMENT, static_cast<int>(o.size), "UDP_SEGMENT");
    const std::uint32_t per_call = std::min(40U, 60'000U / o.size);
    const std::vector<char> buffer(std::size_t(per_call) * o.size, 'x');
    Payload payload;
    for (std::uint32_t left = o.count; left > 0;) {
        const std::uint32_t datagrams = std::min(left, per_call);
        payload.tx += static_cast<std::uint64_t>(
            checked(send(socket.get(), buffer.data(), std::size_t(datagrams) * o.size, 0), "send"));
        left -= datagrams;
    }
    finish_udp(payload);
}

/// Takes several datagrams in one call where the kernel has put them together.
void coalesced_server(const Options& o) {
    const UniqueFd socket = udp_socket(o, o.port);
    set_option(socket.get(), IPPROTO_UDP, UDP_GRO, 1, "UDP_GRO");
    ready_and_wait();
    Payload payload;
    while (payload.rx < std::uint64_t(o.count) * o.size)
        payload.rx += receive_datagram(socket.get());
    finish_udp(payload);
}

/// Every fourth datagram is empty.
void odd_client(const Options& o) {
    const UniqueFd socket = open_udp_client(o, true);
    const std::vector<char> buffer(o.size, 'x');
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        const std::size_t size = i % 4 == 3 ? 0 : buffer.size();
        payload.tx += static_cast<std::uint64_t>(checked(send(socket.get(), buffer.data(), size, 0), "send"));
    }
    finish_udp(payload);
}

/// Looks before it takes, and takes every other datagram into a buffer that is too small.
void odd_server(const Options& o) {
    const UniqueFd socket = open_udp_server(o);
    std::vector<char> buffer(receive_buffer);
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        wait_readable(socket.get());
        for (int peek = 0; peek < 2; ++peek)
            checked(recv(socket.get(), buffer.data(), buffer.size(), MSG_PEEK), "recv(MSG_PEEK)");
        const std::size_t room = i % 2 ? 1 : buffer.size();
        payload.rx +=
            static_cast<std::uint64_t>(checked(recv(socket.get(), buffer.data(), room, MSG_TRUNC), "recv"));
    }
    finish_udp(payload);
}

constexpr Mode modes[]{
    {"udp-connected", connected_client, connected_server},
    {"udp-echo", echo_client, echo_server},
    {"udp-batch", batch_client, batch_server},
    {"udp-segment", segment_client, coalesced_server},
    {"udp-odd", odd_client, odd_server},
};

} // namespace

std::uint64_t receive_datagram(int socket) {
    std::vector<char> buffer(receive_buffer);
    wait_readable(socket);
    return static_cast<std::uint64_t>(checked(recv(socket, buffer.data(), buffer.size(), 0), "recv"));
}

Payload echo_once(int socket, std::vector<char>& buffer, int flags) {
    Address peer;
    const ssize_t received = recvfrom(socket, buffer.data(), buffer.size(), flags, peer.get(), &peer.size);
    if (received < 0 && errno == EAGAIN)
        return {};
    const auto length = static_cast<std::size_t>(checked(received, "recvfrom"));
    const ssize_t sent = checked(sendto(socket, buffer.data(), length, 0, peer.get(), peer.size), "sendto");
    return {static_cast<std::uint64_t>(sent), length};
}

/// Sends and waits for the answer, on a socket that knows no peer.
void echo_client(const Options& o) {
    const UniqueFd socket = open_udp_client(o, false);
    const Address peer = make_address(o.peer, o.port);
    std::vector<char> buffer(receive_buffer);
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        payload.tx += static_cast<std::uint64_t>(
            checked(sendto(socket.get(), buffer.data(), o.size, 0, peer.get(), peer.size), "sendto"));
        wait_readable(socket.get());
        payload.rx += static_cast<std::uint64_t>(
            checked(recvfrom(socket.get(), buffer.data(), buffer.size(), 0, nullptr, nullptr), "recvfrom"));
    }
    finish_udp(payload);
}

std::span<const Mode> udp_modes() {
    return modes;
}

} // namespace sockledger::traffic
