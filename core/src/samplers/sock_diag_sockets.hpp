// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/sock_destroy.hpp"
#include "kernel/sock_diag.hpp"
#include "kernel/socket_holders.hpp"
#include "kernel/unique_fd.hpp"
#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

/// The socket table without BPF: sock_diag lists the sockets, /proc/PID/fd tells who holds them.
/// Works without privilege, and then knows the holders of this user's sockets alone. Where sock_diag is
/// denied /proc/net stands in, which knows no bytes. Threads: one at a time.
class SockDiagTable {
public:
    SockDiagTable();

    /// One record for each (process, descriptor, socket), and one with pid 0 for a socket without holder.
    Result<std::vector<SocketRecord>> read();

    /// Appends the TCP sockets of this namespace that were destroyed since the call before, or since the
    /// first read(). False: some were lost, so the table should be read again.
    bool read_closed(std::vector<SocketRecord>& closed);

    /// Partial: TCP sockets tell their payload. Estimated: they do not.
    Accuracy accuracy() const;

    /// What was lost in all reads: answers that could not be read or were not consistent, and notices of
    /// destroyed sockets.
    std::uint64_t lost() const { return sock_diag_.lost() + (destroyed_ ? destroyed_->lost() : 0); }

    /// How the last read went, as a sentence: what was not visible, and what would make it so.
    const std::string& detail() const { return detail_; }

private:
    void hear_of_destroyed();
    void describe(std::size_t without_holder);

    UniqueFd procfs_;
    SockDiag sock_diag_;
    SocketHolders holders_;
    std::optional<SockDestroy> destroyed_;
    std::string deaf_;        // why nothing is heard of destroyed sockets
    std::uint32_t netns_ = 0; // of destroyed_
    bool begun_ = false;
    bool has_tcp_info_ = true;
    std::string detail_;
};

} // namespace sockledger
