// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns_names.hpp"

#include "kernel/files.hpp"
#include "kernel/text.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace sockledger {

void NetnsNames::refresh() {
    struct stat directory {};
    if (stat(directory_.c_str(), &directory) != 0) {
        files_.clear(); // `ip netns` was never used
        return;
    }
    if (complete_ && directory.st_mtim.tv_sec == changed_.tv_sec &&
        directory.st_mtim.tv_nsec == changed_.tv_nsec) {
        return;
    }
    changed_ = directory.st_mtim;
    files_.clear();
    const auto fd = open_directory(AT_FDCWD, directory_.c_str());
    // The time of a change is that of the clock's last tick: another one may have the same.
    complete_ = fd && std::time(nullptr) - changed_.tv_sec > 1;
    const auto add = [&](const char* name) {
        const std::string path = directory_ + '/' + name;
        struct stat info {};
        struct statfs system {};
        const bool is_namespace = stat(path.c_str(), &info) == 0 && statfs(path.c_str(), &system) == 0 &&
                                  system.f_type == NSFS_MAGIC;
        if (is_namespace) {
            files_.emplace(static_cast<std::uint32_t>(info.st_ino), name);
        }
        complete_ &= is_namespace; // the file is made first, and the namespace mounted on it then
    };
    if (fd) {
        complete_ &= for_each_entry(fd->get(), add).has_value();
    }
}

UniqueFd NetnsNames::open(std::uint32_t netns) const {
    const auto file = files_.find(netns);
    return UniqueFd(
        file == files_.end() ? -1 : ::open((directory_ + '/' + file->second).c_str(), O_RDONLY | O_CLOEXEC));
}

std::string NetnsNames::name_of(std::uint32_t netns) const {
    const auto file = files_.find(netns);
    if (file == files_.end() || file->second.starts_with("netns-") || file->second.starts_with("cni-")) {
        return {};
    }
    return printable(file->second);
}

} // namespace sockledger
