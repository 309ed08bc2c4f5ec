// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/bpf_programs.hpp"
#include "samplers/reading.hpp"

#include <cstddef>
#include <vector>

namespace sockledger {

/// Every inet socket that any process of any namespace holds, in one pass of the kernel over the
/// descriptors (BPF iterator task_file). The record of a socket shared by processes comes once for each.
class SocketTable {
public:
    explicit SocketTable(const BpfPrograms& programs) : programs_(programs) {}

    /// Replaces `sockets` by a fresh table, in the order of processes and their descriptors.
    Result<void> read(std::vector<SocketRecord>& sockets);

private:
    const BpfPrograms& programs_;
    std::vector<std::byte> buffer_;
    std::size_t last_size_ = 0;
};

} // namespace sockledger
