// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/procfs.hpp"
#include "samplers/reading.hpp"
#include "support/checked.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

/// Sockets that a test opens itself, and what its own system calls say of them.
namespace sockledger::test {

/// An address as a test writes it; port 0 asks for any.
struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    Address(const char* text, std::uint16_t port) {
        if (std::string_view(text).find(':') != std::string_view::npos) {
            auto& six = reinterpret_cast<sockaddr_in6&>(storage);
            six.sin6_family = AF_INET6;
            six.sin6_port = htons(port);
            inet_pton(AF_INET6, text, &six.sin6_addr);
            size = sizeof six;
        } else {
            auto& four = reinterpret_cast<sockaddr_in&>(storage);
            four.sin_family = AF_INET;
            four.sin_port = htons(port);
            inet_pton(AF_INET, text, &four.sin_addr);
            size = sizeof four;
        }
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    int family() const { return storage.ss_family; }
};

inline Endpoint to_endpoint(const sockaddr_storage& storage, bool ports) {
    Endpoint endpoint;
    if (storage.ss_family == AF_INET) {
        const auto& four = reinterpret_cast<const sockaddr_in&>(storage);
        std::memcpy(endpoint.address.data(), &four.sin_addr, 4);
        endpoint.port = ports ? ntohs(four.sin_port) : 0;
        return endpoint;
    }
    const auto& six = reinterpret_cast<const sockaddr_in6&>(storage);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr);
    endpoint.ipv6 = !mapped;
    std::memcpy(endpoint.address.data(), six.sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
    endpoint.port = ports ? ntohs(six.sin6_port) : 0;
    return endpoint;
}

inline ProcessId this_process() {
    const auto procfs = open_procfs();
    const auto pid = static_cast<std::uint32_t>(getpid());
    return {pid, read_stat(procfs->get(), pid)->start_ticks};
}

inline std::uint64_t cookie_of(int fd) {
    std::uint64_t cookie = 0;
    socklen_t size = sizeof cookie;
    checked(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size), "SO_COOKIE");
    return cookie;
}

inline std::uint64_t inode_of(int fd) {
    struct stat info {};
    checked(fstat(fd, &info), "fstat");
    return info.st_ino;
}

/// A socket of this process as its own system calls describe it.
inline SocketRecord described(int fd, Protocol protocol, SocketState state) {
    SocketRecord record;
    record.process = this_process();
    record.fd = static_cast<std::uint32_t>(fd);
    record.cookie = cookie_of(fd);
    record.inode = inode_of(fd);
    record.protocol = protocol;
    record.state = state;
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    checked(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    record.local = to_endpoint(address, protocol != Protocol::Raw);
    record.remote.ipv6 = record.local.ipv6;
    size = sizeof address;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
        record.remote = to_endpoint(address, protocol != Protocol::Raw);
    }
    if (protocol == Protocol::Tcp && state != SocketState::Listen) {
        struct tcp_info info_now {};
        size = sizeof info_now;
        checked(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info_now, &size), "TCP_INFO");
        record.has_tcp_info = true;
        record.tcp_rx_bytes = info_now.tcpi_bytes_received;
        record.tcp_tx_bytes = info_now.tcpi_bytes_acked;
        record.rtt_us = info_now.tcpi_rtt;
        record.retransmits = info_now.tcpi_total_retrans;
    }
    return record;
}

inline UniqueFd open_socket(int family, int type, int protocol = 0) {
    return UniqueFd(checked(socket(family, type | SOCK_CLOEXEC, protocol), "socket"));
}

inline UniqueFd open_bound(const Address& address, int type, int protocol = 0) {
    auto fd = open_socket(address.family(), type, protocol);
    const int reuse = type == SOCK_STREAM; // of a port whose last connection is in TIME_WAIT
    checked(setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse), "SO_REUSEADDR");
    checked(bind(fd.get(), address.get(), address.size), "bind");
    return fd;
}

inline void connect_to(const UniqueFd& fd, const Address& address) {
    checked(connect(fd.get(), address.get(), address.size), "connect");
}

/// A listener, a connection to it, and what accept() gave.
struct Connection3 {
    UniqueFd listener;
    UniqueFd client;
    UniqueFd accepted;

    Connection3(const char* listen_at, const char* connect_at, std::uint16_t port)
        : listener(open_bound({listen_at, port}, SOCK_STREAM)) {
        checked(listen(listener.get(), 4), "listen");
        const Address target(connect_at, port);
        client = open_socket(target.family(), SOCK_STREAM);
        connect_to(client, target);
        accepted = UniqueFd(checked(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
    }

    /// Moves `size` bytes to the accepting side and waits until they are acknowledged.
    void transfer(std::size_t size) const {
        const std::string payload(size, 'x');
        checked(send(client.get(), payload.data(), size, 0), "send");
        std::string received(size, '\0');
        checked(recv(accepted.get(), received.data(), size, MSG_WAITALL), "recv");
        while (described(client.get(), Protocol::Tcp, SocketState::Established).tcp_tx_bytes < size) {
        }
    }
};

} // namespace sockledger::test
