// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <cstring>
#include <linux/sctp.h>
#include <string>

/// SCTP by sockets that serve many peers each; one of them may be peeled off to a socket of its own.
namespace sockledger::traffic {
namespace {

UniqueFd many_socket(const Options& o, std::uint16_t port) {
    UniqueFd socket(checked(
        ::socket(o.ipv6() ? AF_INET6 : AF_INET, SOCK_SEQPACKET | SOCK_CLOEXEC, IPPROTO_SCTP), "socket"));
    const Address own = make_address(o.local, port);
    checked(bind(socket.get(), own.get(), own.size), "bind");
    return socket;
}

/// `count` messages, each after the answer to the one before.
void many_client(const Options& o) {
    ready_and_wait();
    const UniqueFd socket = many_socket(o, static_cast<std::uint16_t>(o.port + 1));
    const Address peer = make_address(o.peer, o.port);
    const std::vector<char> message(o.size, 'x');
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        payload.tx += static_cast<std::uint64_t>(checked(
            sendto(socket.get(), message.data(), message.size(), 0, peer.get(), peer.size), "sendto"));
        payload.rx += receive_datagram(socket.get());
    }
    report(payload);
    done();
}

Payload answer(int socket, std::uint32_t count) {
    std::vector<char> buffer(65536);
    Payload payload;
    for (std::uint32_t i = 0; i < count; ++i) {
        wait_readable(socket);
        payload += echo_once(socket, buffer);
    }
    return payload;
}

void many_server(const Options& o) {
    const UniqueFd socket = many_socket(o, o.port);
    checked(listen(socket.get(), 1), "listen");
    ready_and_wait();
    report(answer(socket.get(), o.count));
    done();
}

UniqueFd peel_off(const UniqueFd& socket, const Address& peer) {
    sctp_paddrinfo known{};
    std::memcpy(&known.spinfo_address, peer.get(), peer.size);
    socklen_t size = sizeof known;
    checked(getsockopt(socket.get(), IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &known, &size),
            "SCTP_GET_PEER_ADDR_INFO");
    sctp_peeloff_arg_t peeled{};
    peeled.associd = known.spinfo_assoc_id;
    size = sizeof peeled;
    return UniqueFd(checked(getsockopt(socket.get(), IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF, &peeled, &size),
                            "SCTP_SOCKOPT_PEELOFF"));
}

/// A child answers all but the first message, on a socket of its own.
void peel_server(const Options& o) {
    const UniqueFd socket = many_socket(o, o.port);
    checked(listen(socket.get(), 1), "listen");
    ready_and_wait();
    const Payload first = answer(socket.get(), 1);
    const UniqueFd peeled = peel_off(socket, make_address(o.peer, static_cast<std::uint16_t>(o.port + 1)));
    Workers workers;
    workers.start([&] { return answer(peeled.get(), o.count - 1); });
    workers.wait();
    report(first);
    done();
}

constexpr Mode modes[]{
    {"sctp-many", many_client, many_server},
    {"sctp-peel", many_client, peel_server},
};

} // namespace

std::span<const Mode> sctp_modes() {
    return modes;
}

} // namespace sockledger::traffic
