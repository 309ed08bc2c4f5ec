// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns.hpp"

#include "kernel/procfs.hpp"

#include <exception>
#include <map>
#include <string>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

namespace sockledger {

namespace {

using Namespaces = std::map<std::uint32_t, std::uint32_t>; // inode number → a process that lives there

Namespaces find_namespaces(int procfs, std::uint32_t own) {
    Namespaces namespaces;
    for (const auto pid : list_pids(procfs)) {
        const auto netns = netns_of(procfs, pid);
        if (netns != 0 && netns != own) {
            namespaces.emplace(netns, pid);
        }
    }
    return namespaces;
}

bool enter(int procfs, std::uint32_t netns, std::uint32_t pid) {
    const UniqueFd fd = open_netns(procfs, netns, pid);
    return fd && setns(fd.get(), CLONE_NEWNET) == 0;
}

} // namespace

std::uint32_t current_netns() {
    struct stat info {};
    return stat("/proc/thread-self/ns/net", &info) == 0 ? static_cast<std::uint32_t>(info.st_ino) : 0;
}

UniqueFd open_netns(int procfs, std::uint32_t netns, std::uint32_t pid) {
    UniqueFd fd(openat(procfs, (std::to_string(pid) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    return fd && fstat(fd.get(), &info) == 0 && info.st_ino == netns ? std::move(fd) : UniqueFd();
}

std::size_t visit_other_namespaces(int procfs, std::uint32_t own,
                                   const std::function<bool(std::uint32_t netns)>& visit) {
    const auto namespaces = find_namespaces(procfs, own);
    std::size_t visited = 0;
    const auto visit_each = [&] {
        for (const auto& [netns, pid] : namespaces) {
            try {
                visited += enter(procfs, netns, pid) && visit(netns);
            } catch (const std::exception&) {
                // Out of memory: this one was not visited. Nothing may leave a thread.
            }
        }
    };
    if (namespaces.empty()) {
        return 0;
    }
    try {
        std::thread(visit_each).join();
    } catch (const std::system_error&) {
        // No thread to be had: none was visited.
    }
    return namespaces.size() - visited;
}

} // namespace sockledger
