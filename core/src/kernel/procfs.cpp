// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/procfs.hpp"

#include "kernel/files.hpp"
#include "kernel/text.hpp"

#include <cerrno>
#include <cstdint>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

namespace sockledger {

namespace {

constexpr std::size_t command_line_limit = 4 << 10;

bool is_denied(const Error& error) {
    return error.code == EACCES || error.code == EPERM;
}

std::optional<std::uint32_t> read_effective_uid(int process) {
    const auto status = read_file(process, "status");
    return status ? parse_effective_uid(*status) : std::nullopt;
}

// Everything but what stat says.
std::optional<ProcessFacts> read_facts(int process) {
    ProcessFacts facts;
    const auto uid = read_effective_uid(process);
    if (!uid) {
        return std::nullopt;
    }
    facts.record.uid = *uid;
    if (const auto exe = read_link(process, "exe"); exe) {
        auto link = parse_exe_link(*exe);
        facts.record.exe = std::move(link.path);
        facts.exe_deleted = link.deleted;
    } else {
        facts.hidden = is_denied(exe.error());
    }
    if (const auto arguments = read_file(process, "cmdline", command_line_limit); arguments) {
        facts.record.command_line = parse_command_line(*arguments);
    } else {
        facts.hidden = facts.hidden || is_denied(arguments.error());
    }
    if (const auto cgroup = read_file(process, "cgroup"); cgroup) {
        facts.record.cgroup = parse_cgroup(*cgroup);
    }
    return facts;
}

} // namespace

Result<UniqueFd> open_procfs() {
    return open_directory(AT_FDCWD, "/proc");
}

std::vector<std::uint32_t> list_pids(int procfs) {
    std::vector<std::uint32_t> pids;
    // A list cut short by an error is what can be known: the caller's processes may vanish anyway.
    (void)for_each_entry(procfs, [&](const char* name) {
        if (const auto pid = parse_number(name); pid && *pid > 0 && *pid <= INT32_MAX) {
            pids.push_back(static_cast<std::uint32_t>(*pid));
        }
    });
    return pids;
}

std::optional<ProcessStat> read_stat(int process) {
    const auto stat = read_file(process, "stat");
    return stat ? parse_stat(*stat) : std::nullopt;
}

std::optional<ProcessStat> read_stat(int procfs, std::uint32_t pid) {
    const auto stat = read_file(procfs, (std::to_string(pid) + "/stat").c_str());
    return stat ? parse_stat(*stat) : std::nullopt;
}

bool is_dead(const ProcessStat& stat) {
    // A leader that has left its other threads running is a zombie to stat.
    return stat.state == 'X' || (stat.state == 'Z' && stat.threads <= 1);
}

std::uint32_t netns_of(int procfs, std::uint32_t pid) {
    struct stat info {};
    const auto path = std::to_string(pid) + "/ns/net";
    return fstatat(procfs, path.c_str(), &info, 0) == 0 ? static_cast<std::uint32_t>(info.st_ino) : 0;
}

std::optional<ProcessFacts> describe_process(int procfs, const ProcessId& process) {
    const auto directory = open_directory(procfs, std::to_string(process.pid).c_str());
    if (!directory) {
        return std::nullopt;
    }
    constexpr int attempts = 3;
    auto before = read_stat(directory->get());
    for (int attempt = 1; before && before->start_ticks == process.start_ticks; ++attempt) {
        auto facts = read_facts(directory->get());
        auto after = read_stat(directory->get());
        if (!facts || !after || after->start_ticks != process.start_ticks) {
            return std::nullopt;
        }
        // An exec in between would give the name of one program and the path of another.
        if (after->comm == before->comm || attempt == attempts) {
            facts->record.process = process;
            facts->record.comm = printable(after->comm);
            facts->record.parent_pid = after->parent_pid;
            facts->record.terminal = after->terminal;
            facts->kernel_thread = after->kernel_thread;
            return facts;
        }
        before = std::move(after);
    }
    return std::nullopt;
}

std::string read_flatpak_info(int procfs, std::uint32_t pid) {
    constexpr std::size_t limit = 64 << 10;
    const std::string path = std::to_string(pid) + "/root/.flatpak-info";
    struct stat info {};
    if (fstatat(procfs, path.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return {}; // nearly everybody
    }
    // What lies there may be anything that the process's user could put into a root of his own.
    auto text = read_regular_file("/proc/self/fd/" + std::to_string(procfs) + "/" + path, limit);
    return text ? *std::move(text) : std::string();
}

} // namespace sockledger
