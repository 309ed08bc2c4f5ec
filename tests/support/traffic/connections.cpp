// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <thread>

/// Many connections and many processes.
namespace sockledger::traffic {
namespace {

std::uint16_t nth_port(const Options& o, std::uint32_t n) {
    return static_cast<std::uint16_t>(o.port + n % o.ports);
}

/// Sends `size` bytes and closes first, so that no TIME_WAIT stays at the server's port. The peer's
/// part of the closing is still to come.
UniqueFd short_connection(const Options& o, std::uint32_t n, Payload& payload) {
    UniqueFd socket = connect_stream(o, nth_port(o, n));
    payload.tx += send_bytes(socket.get(), o.size);
    checked(shutdown(socket.get(), SHUT_WR), "shutdown");
    return socket;
}

/// `count` connections one after the other, `rate` a second when that is given.
void many_client(const Options& o) {
    ready_and_wait();
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    Payload payload;
    std::deque<UniqueFd> closing; // without a wait for the server at each connection
    constexpr std::size_t most_closing = 100;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        if (o.rate)
            std::this_thread::sleep_until(start + std::chrono::nanoseconds(1'000'000'000ULL * i / o.rate));
        closing.push_back(short_connection(o, i, payload));
        if (closing.size() > most_closing) {
            close_in_order(std::move(closing.front()));
            closing.pop_front();
        }
    }
    for (UniqueFd& socket : closing)
        close_in_order(std::move(socket));
    const std::chrono::duration<double> took = Clock::now() - start;
    report(payload);
    say("RATE " + std::to_string(o.count / std::max(took.count(), 1e-9)));
    done();
}

/// All the server's listening sockets behind one descriptor.
class Listeners {
public:
    explicit Listeners(const Options& o, bool reuse_port = false)
        : poll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
        for (std::uint32_t i = 0; i < o.ports; ++i) {
            UniqueFd socket = listen_stream(o, nth_port(o, i), reuse_port);
            checked(fcntl(socket.get(), F_SETFL, O_NONBLOCK), "fcntl");
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.fd = socket.get();
            checked(epoll_ctl(poll_.get(), EPOLL_CTL_ADD, socket.get(), &event), "epoll_ctl");
            sockets_.push_back(std::move(socket));
        }
    }
    /// Readable when a connection waits.
    int fd() const { return poll_.get(); }
    /// Owns nothing when another process was first.
    UniqueFd accept() const {
        epoll_event event{};
        if (checked(epoll_wait(poll_.get(), &event, 1, 0), "epoll_wait") == 0)
            return {};
        const int accepted = accept4(event.data.fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (accepted < 0 && errno == EAGAIN)
            return {};
        return UniqueFd(checked(accepted, "accept"));
    }

private:
    UniqueFd poll_;
    std::vector<UniqueFd> sockets_;
};

/// Takes connections until `stop` is closed at its other end; tells of each by a byte to `served`.
Payload serve(const Listeners& listeners, int stop, int served) {
    Payload payload;
    while (readable_before_stop(listeners.fd(), stop)) {
        const UniqueFd socket = listeners.accept();
        if (!socket)
            continue;
        payload.rx += receive_all(socket.get());
        checked(write(served, "x", 1), "write");
    }
    return payload;
}

/// `workers` processes take `count` connections, by one listener that they inherit or by one each.
void worker_server(const Options& o, bool own_listener) {
    test::Pipe stop = test::make_pipe();
    const test::Pipe served = test::make_pipe();
    const test::Pipe listening = test::make_pipe();
    Workers workers;
    {
        std::vector<Listeners> shared;
        if (!own_listener)
            shared.emplace_back(o);
        for (std::uint32_t i = 0; i < o.workers; ++i) {
            workers.start([&] {
                stop.write_end = UniqueFd();
                if (own_listener)
                    shared.emplace_back(o, true);
                checked(write(listening.write_end.get(), "x", 1), "write");
                return serve(shared.front(), stop.read_end.get(), served.write_end.get());
            });
        }
    }
    char byte = 0;
    for (std::uint32_t i = 0; i < o.workers; ++i)
        checked(read(listening.read_end.get(), &byte, 1), "read");
    ready_and_wait();
    for (std::uint32_t i = 0; i < o.count; ++i)
        checked(read(served.read_end.get(), &byte, 1), "read");
    stop.write_end = UniqueFd();
    workers.wait();
    report({});
    done();
}

void prefork_server(const Options& o) {
    worker_server(o, false);
}

void reuseport_server(const Options& o) {
    worker_server(o, true);
}

void many_server(const Options& o) {
    const Listeners listeners(o);
    ready_and_wait();
    Payload payload;
    for (std::uint32_t i = 0; i < o.count;) {
        wait_readable(listeners.fd());
        if (const UniqueFd socket = listeners.accept()) {
            payload.rx += receive_all(socket.get());
            ++i;
        }
    }
    report(payload);
    done();
}

/// `count` processes, each with a name of its own, that live for one connection or one datagram; `rate` a
/// second when that is given.
void brief_client(const Options& o) {
    ready_and_wait();
    const auto start = std::chrono::steady_clock::now();
    for (std::uint32_t i = 0; i < o.count; ++i) {
        if (o.rate)
            std::this_thread::sleep_until(start + std::chrono::nanoseconds(1'000'000'000ULL * i / o.rate));
        wait_for_child(fork_child([&] {
            prctl(PR_SET_NAME, ("brief-" + std::to_string(i)).c_str());
            if (o.protocol == "tcp") {
                Payload payload;
                close_in_order(short_connection(o, i, payload));
                report(payload);
                return;
            }
            const UniqueFd socket = udp_socket(o);
            const Address peer = make_address(o.peer, o.port);
            const std::vector<char> buffer(o.size, 'x');
            report(
                {static_cast<std::uint64_t>(checked(
                     sendto(socket.get(), buffer.data(), buffer.size(), 0, peer.get(), peer.size), "sendto")),
                 0});
        }));
    }
    report({});
    done();
}

void brief_server(const Options& o) {
    if (o.protocol == "tcp") {
        many_server(o);
        return;
    }
    const UniqueFd socket = udp_socket(o, o.port);
    ready_and_wait();
    Payload payload;
    for (std::uint32_t i = 0; i < o.count; ++i) {
        payload.rx += receive_datagram(socket.get());
    }
    report(payload);
    done();
}

void allow_descriptors(std::uint32_t count) {
    const rlimit limit{count + 100ULL, count + 100ULL};
    checked(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

/// `count` connections that stay open, for tables of sockets.
void hold_client(const Options& o) {
    allow_descriptors(o.count);
    std::vector<UniqueFd> sockets;
    const auto connect_all = [&] {
        for (std::uint32_t i = 0; i < o.count; ++i)
            sockets.push_back(connect_stream(o, nth_port(o, i)));
    };
    if (o.early)
        connect_all();
    ready_and_wait();
    if (!o.early)
        connect_all();
    report({});
    done();
}

void hold_server(const Options& o) {
    allow_descriptors(o.count);
    const Listeners listeners(o);
    ready_and_wait();
    std::vector<UniqueFd> sockets;
    while (sockets.size() < o.count) {
        wait_readable(listeners.fd());
        if (UniqueFd socket = listeners.accept())
            sockets.push_back(std::move(socket));
    }
    report({});
    done();
}

constexpr Mode modes[]{
    {"many", many_client, many_server},           {"prefork", many_client, prefork_server},
    {"reuseport", many_client, reuseport_server}, {"brief", brief_client, brief_server},
    {"hold", hold_client, hold_server},
};

} // namespace

std::span<const Mode> connection_modes() {
    return modes;
}

} // namespace sockledger::traffic
