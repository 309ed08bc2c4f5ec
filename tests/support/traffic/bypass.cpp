// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/sockets.hpp"

#include <algorithm>
#include <linux/errqueue.h>
#include <poll.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/sendfile.h>
#ifdef SOCKLEDGER_HAVE_LIBURING
#include <liburing.h>
#endif

/// Ways around send() and recv().
namespace sockledger::traffic {
namespace {

constexpr std::size_t piece = 65536;

/// Moves `bytes` by calls of `move`, which gets how many are left (at most one piece).
template<typename Move>
std::uint64_t move_bytes(std::uint64_t bytes, const char* what, Move move) {
    for (std::uint64_t left = bytes; left > 0;) {
        const auto moved = checked(move(std::min<std::uint64_t>(left, piece)), what);
        if (moved == 0)
            throw std::runtime_error(std::string(what) + ": the peer has closed early");
        left -= static_cast<std::uint64_t>(moved);
    }
    return bytes;
}

void sendfile_client(const Options& o) {
    UniqueFd socket = open_client(o);
    const UniqueFd file(checked(memfd_create("payload", MFD_CLOEXEC), "memfd_create"));
    checked(ftruncate(file.get(), static_cast<off_t>(o.bytes)), "ftruncate");
    const auto sent = move_bytes(o.bytes, "sendfile", [&](std::size_t wanted) {
        return sendfile(socket.get(), file.get(), nullptr, wanted);
    });
    finish(std::move(socket), {sent, 0});
}

void splice_client(const Options& o) {
    UniqueFd socket = open_client(o);
    const test::Pipe pipe = test::make_pipe();
    const std::vector<char> buffer(piece, 'x');
    const auto sent = move_bytes(o.bytes, "splice", [&](std::size_t wanted) {
        const ssize_t filled = checked(write(pipe.write_end.get(), buffer.data(), wanted), "write");
        for (ssize_t left = filled; left > 0;)
            left -= checked(splice(pipe.read_end.get(), nullptr, socket.get(), nullptr,
                                   static_cast<std::size_t>(left), 0),
                            "splice");
        return filled;
    });
    finish(std::move(socket), {sent, 0});
}

void splice_server(const Options& o) {
    UniqueFd socket = open_server(o);
    const test::Pipe pipe = test::make_pipe();
    const UniqueFd sink(checked(open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null"));
    const auto received = move_bytes(o.bytes, "splice", [&](std::size_t wanted) {
        const ssize_t filled =
            checked(splice(socket.get(), nullptr, pipe.write_end.get(), nullptr, wanted, 0), "splice");
        for (ssize_t left = filled; left > 0;)
            left -= checked(
                splice(pipe.read_end.get(), nullptr, sink.get(), nullptr, static_cast<std::size_t>(left), 0),
                "splice");
        return filled;
    });
    finish(std::move(socket), {0, received});
}

/// How many of the sends are through, by the kernel's messages in the error queue.
std::uint32_t read_completions(int socket) {
    alignas(cmsghdr) char control[256];
    msghdr message{};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    checked(recvmsg(socket, &message, MSG_ERRQUEUE), "recvmsg(MSG_ERRQUEUE)");
    std::uint32_t completed = 0;
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        const auto* error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(c));
        if (error->ee_origin == SO_EE_ORIGIN_ZEROCOPY)
            completed += error->ee_data - error->ee_info + 1;
    }
    return completed;
}

void zerocopy_client(const Options& o) {
    UniqueFd socket = open_client(o);
    set_option(socket.get(), SOL_SOCKET, SO_ZEROCOPY, 1, "SO_ZEROCOPY");
    const std::vector<char> buffer(piece, 'x');
    std::uint32_t pending = 0;
    const auto sent = move_bytes(o.bytes, "send(MSG_ZEROCOPY)", [&](std::size_t wanted) {
        ++pending;
        return send(socket.get(), buffer.data(), wanted, MSG_ZEROCOPY | MSG_NOSIGNAL);
    });
    while (pending > 0) {
        pollfd waiting{socket.get(), 0, 0}; // POLLERR is always reported
        checked(poll(&waiting, 1, 10'000), "poll");
        pending -= read_completions(socket.get());
    }
    finish(std::move(socket), {sent, 0});
}

#ifdef SOCKLEDGER_HAVE_LIBURING
class Ring {
public:
    explicit Ring(const Options& o) {
        const int error = io_uring_queue_init(8, &ring_, o.sqpoll ? IORING_SETUP_SQPOLL : 0);
        if (error < 0)
            throw std::system_error(-error, std::generic_category(), "io_uring_queue_init");
    }
    ~Ring() { io_uring_queue_exit(&ring_); }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    template<typename Prepare>
    int run(Prepare prepare) {
        prepare(io_uring_get_sqe(&ring_));
        checked(io_uring_submit(&ring_), "io_uring_submit");
        io_uring_cqe* completion = nullptr;
        if (const int error = io_uring_wait_cqe(&ring_, &completion); error < 0)
            throw std::system_error(-error, std::generic_category(), "io_uring_wait_cqe");
        const int result = completion->res;
        io_uring_cqe_seen(&ring_, completion);
        if (result < 0)
            errno = -result;
        return result;
    }

private:
    io_uring ring_{};
};

void uring_client(const Options& o) {
    UniqueFd socket = open_client(o);
    Ring ring(o);
    const std::vector<char> buffer(piece, 'x');
    const auto sent = move_bytes(o.bytes, "io_uring send", [&](std::size_t wanted) {
        return ring.run(
            [&](io_uring_sqe* sqe) { io_uring_prep_send(sqe, socket.get(), buffer.data(), wanted, 0); });
    });
    finish(std::move(socket), {sent, 0});
}

void uring_server(const Options& o) {
    UniqueFd socket = open_server(o);
    Ring ring(o);
    std::vector<char> buffer(piece);
    const auto received = move_bytes(o.bytes, "io_uring recv", [&](std::size_t wanted) {
        return ring.run(
            [&](io_uring_sqe* sqe) { io_uring_prep_recv(sqe, socket.get(), buffer.data(), wanted, 0); });
    });
    finish(std::move(socket), {0, received});
}
#endif

constexpr Mode modes[]{
    {"tcp-sendfile", sendfile_client, receive_server},
    {"tcp-splice", splice_client, splice_server},
    {"tcp-zerocopy", zerocopy_client, receive_server},
#ifdef SOCKLEDGER_HAVE_LIBURING
    {"tcp-io-uring", uring_client, uring_server},
#endif
};

} // namespace

std::span<const Mode> bypass_modes() {
    return modes;
}

} // namespace sockledger::traffic
