// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netlink_socket.hpp"

#include <libmnl/libmnl.h>

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace sockledger {

namespace {

Error failure(const char* what, int code) {
    return {std::string("netlink: ") + what + ": " + std::generic_category().message(code), code};
}

/// recvmsg() of one datagram; returns the whole size, also of one that does not fit.
ssize_t receive_datagram(int fd, std::vector<std::byte>& buffer, int flags, sockaddr_nl& sender) {
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &sender;
    message.msg_namelen = sizeof sender;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    ssize_t size = 0;
    do {
        size = ::recvmsg(fd, &message, flags | MSG_TRUNC);
    } while (size < 0 && errno == EINTR);
    return size;
}

} // namespace

NetlinkSocket::NetlinkSocket(Handle socket) : socket_(std::move(socket)) {}

void NetlinkSocket::Close::operator()(mnl_socket* socket) const {
    mnl_socket_close(socket);
}

int NetlinkSocket::fd() const {
    return mnl_socket_get_fd(socket_.get());
}

Result<NetlinkSocket> NetlinkSocket::open(int protocol, int flags, unsigned groups) {
    Handle socket(mnl_socket_open2(protocol, SOCK_CLOEXEC | flags));
    if (!socket) {
        return failure("socket", errno);
    }
    if (mnl_socket_bind(socket.get(), groups, MNL_SOCKET_AUTOPID) < 0) {
        return failure("bind", errno);
    }
    return NetlinkSocket(std::move(socket));
}

Result<NetlinkSocket> NetlinkSocket::open(int protocol) {
    auto socket = open(protocol, 0, 0);
    if (socket) {
        const timeval patience{2, 0};
        ::setsockopt(socket->fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    return socket;
}

Result<NetlinkSocket> NetlinkSocket::subscribe(int protocol, unsigned groups) {
    auto socket = open(protocol, SOCK_NONBLOCK, groups);
    if (socket) {
        // Room for the notices of a thousand devices made at once; the limit of rmem_max needs privilege.
        const int room = 4 << 20;
        if (::setsockopt(socket->fd(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0) {
            ::setsockopt(socket->fd(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        }
    }
    return socket;
}

Result<void> NetlinkSocket::send(Bytes message) {
    if (mnl_socket_sendto(socket_.get(), message.data(), message.size()) < 0) {
        return failure("send", errno);
    }
    return {};
}

Result<std::size_t> NetlinkSocket::receive(std::vector<std::byte>& buffer) {
    while (true) {
        sockaddr_nl sender{};
        // One look at the size beforehand, because what is cut off a datagram is gone, and with it
        // perhaps the end of the dump.
        std::vector<std::byte> nothing;
        const ssize_t size = receive_datagram(fd(), nothing, MSG_PEEK, sender);
        if (size < 0) {
            return failure("receive", errno);
        }
        if (static_cast<std::size_t>(size) > buffer.size()) {
            buffer.resize(static_cast<std::size_t>(size));
        }
        const ssize_t received = receive_datagram(fd(), buffer, 0, sender);
        if (received < 0) {
            return failure("receive", errno);
        }
        if (sender.nl_pid == 0) { // from the kernel; other processes have no say here
            return static_cast<std::size_t>(received);
        }
    }
}

} // namespace sockledger
