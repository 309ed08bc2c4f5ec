// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <net/if.h>

namespace sockledger::traffic {
namespace {

void join(int socket, const Options& o) {
    group_req request{};
    request.gr_interface = if_nametoindex(o.device.c_str());
    const Address group = make_address(o.group, 0);
    request.gr_group = group.storage;
    checked(
        setsockopt(socket, o.ipv6() ? IPPROTO_IPV6 : IPPROTO_IP, MCAST_JOIN_GROUP, &request, sizeof request),
        "MCAST_JOIN_GROUP");
}

/// A receiver's socket: several of one machine share group and port.
UniqueFd member(const Options& o) {
    UniqueFd socket = udp_socket(o);
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    const Address group = make_address(o.group, o.port);
    checked(bind(socket.get(), group.get(), group.size), "bind");
    join(socket.get(), o);
    return socket;
}

Payload receive(int socket, const Options& o) {
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i)
        payload.rx += receive_datagram(socket);
    return payload;
}

/// Each worker has a socket of its own that joined before READY.
void start_members(Workers& workers, std::uint32_t count, const Options& o) {
    const test::Pipe joined = test::make_pipe();
    for (std::uint32_t i = 0; i < count; ++i) {
        workers.start([&] {
            const UniqueFd socket = member(o);
            checked(write(joined.write_end.get(), "x", 1), "write");
            return receive(socket.get(), o);
        });
    }
    char byte = 0;
    for (std::uint32_t i = 0; i < count; ++i)
        checked(read(joined.read_end.get(), &byte, 1), "read");
}

void multicast_client(const Options& o) {
    Workers workers;
    if (o.loop)
        start_members(workers, 1, o);
    const UniqueFd socket = udp_socket(o);
    const int index = static_cast<int>(if_nametoindex(o.device.c_str()));
    if (o.ipv6()) {
        set_option(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_IF, index, "IPV6_MULTICAST_IF");
        set_option(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_LOOP, o.loop, "IPV6_MULTICAST_LOOP");
    } else {
        ip_mreqn interface {};
        interface.imr_ifindex = index;
        checked(setsockopt(socket.get(), IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface),
                "IP_MULTICAST_IF");
        set_option(socket.get(), IPPROTO_IP, IP_MULTICAST_LOOP, o.loop, "IP_MULTICAST_LOOP");
    }
    ready_and_wait();
    const Address group = make_address(o.group, o.port);
    const std::vector<char> buffer(o.size, 'x');
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i)
        payload.tx += static_cast<std::uint64_t>(checked(
            sendto(socket.get(), buffer.data(), buffer.size(), 0, group.get(), group.size), "sendto"));
    workers.wait();
    report(payload);
    done();
}

void multicast_server(const Options& o) {
    Workers workers;
    start_members(workers, o.workers, o);
    ready_and_wait();
    workers.wait();
    report({});
    done();
}

constexpr Mode modes[]{{"multicast", multicast_client, multicast_server}};

} // namespace

std::span<const Mode> multicast_modes() {
    return modes;
}

} // namespace sockledger::traffic
