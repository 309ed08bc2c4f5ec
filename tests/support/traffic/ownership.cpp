// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <stdexcept>
#include <string>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <thread>

/// Who uses a socket is not who made it.
namespace sockledger::traffic {
namespace {

/// What one process does with its share of `bytes`.
using Use = std::uint64_t (*)(int socket, std::uint64_t bytes, std::size_t piece);

Payload use(Use move, bool sends, int socket, std::uint64_t bytes) {
    const std::uint64_t moved = move(socket, bytes, 65536);
    return sends ? Payload{moved, 0} : Payload{0, moved};
}

/// A child inherits the connection; it alone uses it, or it and its parent in turns of `size` bytes,
/// `count` each.
void inherit(UniqueFd socket, const Options& o, bool sends) {
    const Use move = sends ? send_bytes : receive_bytes;
    Workers workers;
    Payload parent;
    if (o.turns) {
        const Turns turns(2);
        const auto play = [&](std::size_t member) {
            Payload payload;
            for (std::uint32_t i = 0; i < o.count; ++i) {
                turns.take(member);
                const Payload moved = use(move, sends, socket.get(), o.size);
                payload += moved;
                if (sends)
                    wait_acknowledged(socket.get());
                turns.pass(member);
            }
            return payload;
        };
        workers.start([&] { return play(1); });
        parent = play(0);
        workers.wait();
    } else {
        workers.start([&] { return use(move, sends, socket.get(), o.bytes); });
        workers.wait();
    }
    finish(std::move(socket), parent);
}

void inherit_client(const Options& o) {
    inherit(open_client(o), o, true);
}

void inherit_server(const Options& o) {
    inherit(open_server(o), o, false);
}

void send_descriptor(int channel, int fd) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)]{};
    char byte = 'x';
    iovec piece{&byte, 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    checked(sendmsg(channel, &message, 0), "sendmsg(SCM_RIGHTS)");
}

UniqueFd receive_descriptor(int channel) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
    char byte = 0;
    iovec piece{&byte, 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    checked(recvmsg(channel, &message, MSG_CMSG_CLOEXEC), "recvmsg(SCM_RIGHTS)");
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_type != SCM_RIGHTS)
        throw std::runtime_error("no descriptor came");
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return UniqueFd(fd);
}

/// A process that is there before the connection gets it from the one that made it.
void hand_over(const Options& o, UniqueFd (*open)(const Options&), bool sends) {
    int ends[2];
    checked(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
    const UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    Workers workers;
    workers.start([&] {
        const UniqueFd socket = receive_descriptor(theirs.get());
        return use(sends ? send_bytes : receive_bytes, sends, socket.get(), o.bytes);
    });
    UniqueFd socket = open(o);
    send_descriptor(ours.get(), socket.get());
    workers.wait();
    finish(std::move(socket), {});
}

void hand_over_client(const Options& o) {
    hand_over(o, open_client, true);
}

void hand_over_server(const Options& o) {
    hand_over(o, open_server, false);
}

template<typename Body>
void in_threads(std::uint32_t count, Body body) {
    std::exception_ptr problem;
    std::atomic_flag failed;
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            try {
                body(i);
            } catch (...) {
                if (!failed.test_and_set())
                    problem = std::current_exception();
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    if (problem)
        std::rethrow_exception(problem);
}

/// `workers` threads write to one socket in small pieces.
void threads_client(const Options& o) {
    UniqueFd socket = open_client(o);
    const std::uint64_t share = o.bytes / o.workers;
    in_threads(o.workers, [&](std::uint32_t i) {
        send_bytes(socket.get(), i == 0 ? o.bytes - share * (o.workers - 1) : share, 4096);
    });
    shutdown(socket.get(), SHUT_WR); // what ends the reading threads
    finish(std::move(socket), {o.bytes, 0});
}

void threads_server(const Options& o) {
    UniqueFd socket = open_server(o);
    std::atomic<std::uint64_t> received = 0;
    in_threads(o.workers, [&](std::uint32_t) { received += receive_all(socket.get()); });
    finish(std::move(socket), {0, received});
}

/// `count` datagrams by `workers` threads on one socket.
void udp_threads_client(const Options& o) {
    ready_and_wait();
    const UniqueFd socket = udp_socket(o);
    const Address peer = make_address(o.peer, o.port);
    checked(connect(socket.get(), peer.get(), peer.size), "connect");
    std::atomic<std::uint32_t> next = 0;
    std::atomic<std::uint64_t> sent = 0;
    in_threads(o.workers, [&](std::uint32_t) {
        const std::vector<char> buffer(o.size, 'x');
        while (next++ < o.count)
            sent += static_cast<std::uint64_t>(
                checked(send(socket.get(), buffer.data(), buffer.size(), 0), "send"));
    });
    report({sent, 0});
    done();
}

void udp_threads_server(const Options& o) {
    const UniqueFd socket = udp_socket(o, o.port);
    ready_and_wait();
    const UniqueFd stop(checked(eventfd(0, EFD_CLOEXEC), "eventfd"));
    std::atomic<std::uint32_t> datagrams = 0;
    std::atomic<std::uint64_t> received = 0;
    in_threads(o.workers, [&](std::uint32_t) {
        std::vector<char> buffer(65536);
        while (readable_before_stop(socket.get(), stop.get())) {
            const ssize_t length = recv(socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (length < 0 && errno == EAGAIN)
                continue; // another thread was first
            received += static_cast<std::uint64_t>(checked(length, "recv"));
            if (++datagrams == o.count)
                eventfd_write(stop.get(), 1);
        }
    });
    report({0, received});
    done();
}

/// `workers` processes answer on a socket that they all inherited, in turns or as it comes.
void udp_shared_server(const Options& o) {
    const UniqueFd socket = udp_socket(o, o.port);
    ready_and_wait();
    const Turns turns(o.workers);
    test::Pipe stop = test::make_pipe();
    const test::Pipe answered = test::make_pipe();
    Workers workers;
    for (std::uint32_t worker = 0; worker < o.workers; ++worker) {
        workers.start([&, worker] {
            stop.write_end = UniqueFd();
            std::vector<char> buffer(65536);
            Payload payload;
            if (!o.compete) {
                for (std::uint32_t i = worker; i < o.count; i += o.workers) {
                    turns.take(worker);
                    payload += echo_once(socket.get(), buffer);
                    turns.pass(worker);
                }
                return payload;
            }
            while (readable_before_stop(socket.get(), stop.read_end.get())) {
                const Payload one = echo_once(socket.get(), buffer, MSG_DONTWAIT);
                payload += one;
                if (one.tx)
                    checked(write(answered.write_end.get(), "x", 1), "write");
            }
            return payload;
        });
    }
    char byte = 0;
    for (std::uint32_t i = 0; o.compete && i < o.count; ++i)
        checked(read(answered.read_end.get(), &byte, 1), "read");
    stop.write_end = UniqueFd();
    workers.wait();
    report({});
    done();
}

constexpr Mode modes[]{
    {"inherit", inherit_client, inherit_server},    {"hand-over", hand_over_client, hand_over_server},
    {"threads", threads_client, threads_server},    {"udp-threads", udp_threads_client, udp_threads_server},
    {"udp-shared", echo_client, udp_shared_server},
};

} // namespace

std::span<const Mode> ownership_modes() {
    return modes;
}

} // namespace sockledger::traffic
