// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/sock_diag.hpp"
#include "kernel/socket_holders.hpp"
#include "kernel/unique_fd.hpp"
#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sockledger {

/// The socket table without BPF: sock_diag lists the sockets, /proc/PID/fd tells who holds them.
/// Works without privilege, and then knows the holders of this user's sockets alone.
/// Threads: one at a time.
class SockDiagTable {
public:
    SockDiagTable();

    /// One record for each (process, descriptor, socket), and one with pid 0 for a socket without holder.
    Result<std::vector<SocketRecord>> read();

    /// What was lost in all reads: answers that could not be read or were not consistent.
    std::uint64_t lost() const { return sock_diag_.lost(); }

    /// How the last read went, as a sentence: what was not visible, and what would make it so.
    const std::string& detail() const { return detail_; }

private:
    void describe(std::size_t without_holder);

    UniqueFd procfs_;
    SockDiag sock_diag_;
    SocketHolders holders_;
    std::string detail_;
};

} // namespace sockledger
