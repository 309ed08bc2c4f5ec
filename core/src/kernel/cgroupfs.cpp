// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/cgroupfs.hpp"

#include "kernel/cgroup2_mount.hpp"
#include "kernel/files.hpp"
#include "kernel/text.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace sockledger {

namespace {

constexpr std::size_t cache_limit = 4096;
constexpr int kernfs_handle_type = 0xfe; // FILEID_KERNFS of linux/exportfs.h, which is not exported

std::string below(std::string_view mount_point, std::string_view absolute) {
    if (!absolute.starts_with(mount_point)) {
        return {};
    }
    absolute.remove_prefix(mount_point.size());
    return absolute.empty() ? "/" : printable(absolute);
}

} // namespace

CgroupPaths::CgroupPaths() : CgroupPaths(cgroup2_mount().has_value() ? *cgroup2_mount() : std::string()) {}

CgroupPaths::CgroupPaths(const std::string& mount_point)
    : mount_point_(mount_point), mount_(open(mount_point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    struct statfs info {};
    kernel_answers_ = mount_ && fstatfs(mount_.get(), &info) == 0 && info.f_type == CGROUP2_SUPER_MAGIC;
}

// False: the kernel does not tell, whoever has the id.
bool CgroupPaths::ask_kernel(std::uint64_t id, std::string& path) const {
    alignas(file_handle) std::array<char, sizeof(file_handle) + sizeof id> buffer{};
    auto* handle = reinterpret_cast<file_handle*>(buffer.data());
    handle->handle_bytes = sizeof id;
    handle->handle_type = kernfs_handle_type;
    std::memcpy(buffer.data() + sizeof(file_handle), &id, sizeof id);
    const UniqueFd directory(open_by_handle_at(mount_.get(), handle, O_PATH | O_CLOEXEC));
    if (!directory) {
        return errno == ESTALE || errno == ENOENT;
    }
    const auto link = read_link(AT_FDCWD, ("/proc/self/fd/" + std::to_string(directory.get())).c_str());
    if (link) {
        path = below(mount_point_, *link);
    }
    return true;
}

void CgroupPaths::search() {
    may_search_ = false;
    namespace fs = std::filesystem;
    const auto add = [this](const std::string& absolute) {
        struct stat info {};
        if (stat(absolute.c_str(), &info) == 0) {
            remember(info.st_ino, below(mount_point_, absolute));
        }
    };
    add(mount_point_);
    std::error_code error;
    fs::recursive_directory_iterator entry(mount_point_, fs::directory_options::skip_permission_denied,
                                           error);
    // A directory that vanishes ends the walk early; what it missed is found by the next search.
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code vanished;
        if (entry->is_directory(vanished)) {
            add(entry->path().native());
        }
    }
}

void CgroupPaths::remember(std::uint64_t id, std::string path) {
    if (paths_.size() >= cache_limit) {
        paths_.clear();
    }
    paths_[id] = std::move(path);
}

std::string CgroupPaths::path(std::uint64_t id) {
    if (const auto known = paths_.find(id); known != paths_.end()) {
        return known->second;
    }
    if (!mount_ || id == 0) {
        return {};
    }
    std::string path;
    if (kernel_answers_ && ask_kernel(id, path)) {
        if (!path.empty()) {
            remember(id, path);
        }
        return path;
    }
    kernel_answers_ = false;
    if (may_search_) {
        search();
    }
    const auto found = paths_.find(id);
    return found != paths_.end() ? found->second : std::string();
}

} // namespace sockledger
