// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reads the text of the files in /proc/PID; pure functions of bytes. What is no such file gives
/// nothing. Threads: any.
namespace sockledger {

/// What is needed of /proc/PID/stat.
struct ProcessStat {
    std::string comm;             ///< as it is: may hold any byte but NUL
    char state = '?';             ///< 'Z' and 'X' are dead, when no other thread lives
    std::uint32_t parent_pid = 0; ///< the real parent, never a tracer
    bool terminal = false;        ///< field 7, tty_nr: has a controlling terminal
    bool kernel_thread = false;   ///< PF_KTHREAD
    std::uint32_t threads = 0;
    std::uint64_t start_ticks = 0; ///< field 22
    bool operator==(const ProcessStat&) const = default;
};

std::optional<ProcessStat> parse_stat(std::string_view stat);

/// The effective user of /proc/PID/status.
std::optional<std::uint32_t> parse_effective_uid(std::string_view status);

/// The arguments of /proc/PID/cmdline, printable. Of a process that wrote over its arguments
/// ("nginx: worker process") the filling behind the last one is left out.
std::vector<std::string> parse_command_line(std::string_view cmdline);

/// The cgroup2 path of /proc/PID/cgroup, printable; empty when the process is in no cgroup2 tree.
std::string parse_cgroup(std::string_view cgroup);

/// The target of /proc/PID/exe.
struct ExeLink {
    std::string path;     ///< printable
    bool deleted = false; ///< the file was deleted or replaced since the process started it
    bool operator==(const ExeLink&) const = default;
};

ExeLink parse_exe_link(std::string_view target);

/// The inode number in a link such as "socket:[1234]"; nothing for any other link.
std::optional<std::uint64_t> parse_socket_link(std::string_view target);

/// A whole decimal number; nothing when `text` is anything else.
std::optional<std::uint64_t> parse_number(std::string_view text);

} // namespace sockledger
