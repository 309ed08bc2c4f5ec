// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace sockledger {

/// Finds the path of a cgroup2 directory by its kernfs id, which is never reused. With
/// CAP_DAC_READ_SEARCH the kernel is asked for it, else the tree is searched. Threads: one at a time.
class CgroupPaths {
public:
    /// Of the cgroup2 tree that is mounted here; without one, no path is ever found.
    CgroupPaths();
    /// Of the tree at `mount_point`.
    explicit CgroupPaths(const std::string& mount_point);

    /// The path below the mount point, printable, "/" for its root; empty when the directory is gone.
    std::string path(std::uint64_t id);

    /// Allows one more search of the whole tree: a caller that asks for many pays for one of them.
    void allow_search() { may_search_ = true; }

private:
    bool ask_kernel(std::uint64_t id, std::string& path) const;
    void search();
    void remember(std::uint64_t id, std::string path);

    std::string mount_point_;
    UniqueFd mount_;
    bool kernel_answers_ = false;
    bool may_search_ = true;
    std::unordered_map<std::uint64_t, std::string> paths_;
};

} // namespace sockledger
