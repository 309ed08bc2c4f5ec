// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_socket.hpp"
#include "samplers/reading.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace sockledger {

/// Hears of TCP sockets that are destroyed, each with its last tcp_info: what a socket moved after the
/// last table, and those that no table ever saw. Needs no privilege (Linux 4.4 and later).
class SockDestroy {
public:
    explicit SockDestroy(std::unique_ptr<NetlinkTransport> transport);

    /// The socket of a live one; it hears of the namespace that the calling thread is in.
    static Result<NetlinkSocket> subscribe();

    /// Appends the sockets that were destroyed since the call before and that had moved anything. The kernel
    /// tells neither their owner nor their user. False: some were lost (ENOBUFS), or the rest is left for
    /// the next call.
    bool drain(std::vector<SocketRecord>& closed);

    /// How often the kernel had more to tell than found room, and notices that could not be read, since
    /// construction.
    std::uint64_t lost() const { return lost_; }

private:
    void read(Bytes datagram, std::vector<SocketRecord>& closed);

    std::unique_ptr<NetlinkTransport> transport_;
    std::vector<std::byte> buffer_;
    std::uint64_t lost_ = 0;
};

} // namespace sockledger
