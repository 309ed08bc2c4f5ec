// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/process_codec.hpp"
#include "kernel/unique_fd.hpp"
#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <optional>
#include <string>
#include <vector>

/// Processes as /proc shows them. `procfs` is a descriptor of /proc, or of a test's tree. Everything
/// there may vanish at any moment: what is gone gives nothing and is no error.
/// Threads: any.
namespace sockledger {

Result<UniqueFd> open_procfs();

/// Every process, in no order.
std::vector<std::uint32_t> list_pids(int procfs);

/// `process` is a directory of one process: relative to an open one, the answer never comes from a
/// later process with the same pid.
std::optional<ProcessStat> read_stat(int process);
std::optional<ProcessStat> read_stat(int procfs, std::uint32_t pid);

/// Dead, though its parent has not collected it yet; false while any thread lives.
bool is_dead(const ProcessStat& stat);

/// The network namespace of a process as an inode number; 0 when it is gone or may not be seen.
std::uint32_t netns_of(int procfs, std::uint32_t pid);

struct ProcessFacts {
    ProcessRecord record; ///< without `user`
    bool kernel_thread = false;
    bool exe_deleted = false; ///< the file of `exe` was deleted or replaced
    bool hidden = false;      ///< exe or command line exist, but may not be read
};

/// Reads what /proc says of `process`, and nothing when it is gone, be it half-way, or when its pid
/// belongs to another one now. Command lines are cut at 4 KiB.
std::optional<ProcessFacts> describe_process(int procfs, const ProcessId& process);

/// The text of /.flatpak-info in the root directory of a process; empty when there is none or it may
/// not be seen.
std::string read_flatpak_info(int procfs, std::uint32_t pid);

} // namespace sockledger
