// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/sock_diag_sockets.hpp"

#include "kernel/netns.hpp"
#include "kernel/procfs.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace sockledger {

namespace {

std::vector<std::uint64_t> inodes_of(std::span<const SocketRecord> sockets) {
    std::vector<std::uint64_t> inodes;
    inodes.reserve(sockets.size());
    for (const auto& socket : sockets) {
        if (socket.inode != 0) { // TIME_WAIT and orphans: no process can hold them
            inodes.push_back(socket.inode);
        }
    }
    return inodes;
}

struct Joined {
    std::vector<SocketRecord> records;
    std::size_t without_holder = 0; ///< sockets that a process could hold
};

// One record for each holder of a socket, or the socket itself. `holdings` is sorted by inode.
Joined join(std::span<const SocketRecord> sockets, const std::vector<SocketHolding>& holdings) {
    Joined joined;
    joined.records.reserve(std::max(sockets.size(), holdings.size()));
    for (const auto& socket : sockets) {
        auto holder = std::ranges::lower_bound(holdings, socket.inode, {}, &SocketHolding::inode);
        if (holder == holdings.end() || holder->inode != socket.inode) {
            joined.records.push_back(socket);
            joined.without_holder += socket.inode != 0;
        }
        for (; holder != holdings.end() && holder->inode == socket.inode; ++holder) {
            joined.records.push_back(socket);
            joined.records.back().process = holder->process;
            joined.records.back().fd = holder->fd;
        }
    }
    return joined;
}

// Kernels before 4.1 do not count the bytes of TCP.
bool lacks_tcp_info(std::span<const SocketRecord> sockets) {
    const auto connected = [](const SocketRecord& socket) {
        return socket.protocol == Protocol::Tcp && socket.state == SocketState::Established;
    };
    return std::ranges::any_of(sockets, connected) &&
           std::ranges::none_of(sockets, &SocketRecord::has_tcp_info);
}

std::string counted(std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

} // namespace

SockDiagTable::SockDiagTable() {
    if (auto procfs = open_procfs(); procfs) {
        procfs_ = std::move(*procfs);
    }
}

// Before the first table, so that no socket is destroyed between the two unheard.
void SockDiagTable::hear_of_destroyed() {
    auto socket = SockDestroy::subscribe();
    if (!socket) {
        deaf_ = socket.error().message;
        return;
    }
    destroyed_.emplace(std::make_unique<NetlinkSocket>(*std::move(socket)));
    netns_ = current_netns();
}

bool SockDiagTable::read_closed(std::vector<SocketRecord>& closed) {
    if (!destroyed_) {
        return true;
    }
    const auto first = closed.size();
    const bool complete = destroyed_->drain(closed);
    for (SocketRecord& socket : std::span(closed).subspan(first)) {
        socket.netns = netns_;
    }
    return complete;
}

Accuracy SockDiagTable::accuracy() const {
    return sock_diag_.refusal() || !has_tcp_info_ ? Accuracy::Estimated : Accuracy::Partial;
}

Result<std::vector<SocketRecord>> SockDiagTable::read() {
    if (!std::exchange(begun_, true)) {
        hear_of_destroyed();
    }
    const auto sockets = sock_diag_.read(procfs_.get());
    if (!sockets) {
        detail_ = sockets.error().message;
        return sockets.error();
    }
    has_tcp_info_ = has_tcp_info_ && !lacks_tcp_info(*sockets);
    auto joined = join(*sockets, holders_.find(procfs_.get(), inodes_of(*sockets)));
    describe(joined.without_holder);
    return std::move(joined.records);
}

void SockDiagTable::describe(std::size_t without_holder) {
    if (const Error* refusal = sock_diag_.refusal()) {
        detail_ = "socket table by /proc, without byte counts (" + refusal->message + ")";
    } else {
        detail_ = "socket table by sock_diag and /proc";
        detail_ += has_tcp_info_ ? "" : "; this kernel does not count the bytes of TCP sockets";
        detail_ += deaf_.empty() ? "" : "; the last bytes of closing sockets are not heard of: " + deaf_;
    }
    if (!procfs_) {
        detail_ += "; /proc is not readable, so no socket has an owner";
        return;
    }
    // Where every process may be seen, a socket without holder belongs to the kernel.
    if (holders_.hidden() > 0 && without_holder > 0) {
        detail_ += "; " + counted(without_holder, "socket has an owner", "sockets have owners") +
                   " that may not be seen: the descriptors of " +
                   counted(holders_.hidden(), "process need", "processes need") +
                   " CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH";
    }
    if (sock_diag_.closed_namespaces() > 0) {
        detail_ += "; " +
                   counted(sock_diag_.closed_namespaces(), "other network namespace needs",
                           "other network namespaces need") +
                   " CAP_SYS_ADMIN";
    }
}

} // namespace sockledger
