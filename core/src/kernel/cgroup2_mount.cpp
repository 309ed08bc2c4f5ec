// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/cgroup2_mount.hpp"

#include <fcntl.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace sockledger {

namespace {

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescape_octal(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool escape = text[i] == '\\' && i + 3 < text.size();
        if (escape && text.find_first_not_of("01234567", i + 1) > i + 3) {
            result +=
                static_cast<char>((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 | (text[i + 3] - '0'));
            i += 3;
        } else {
            result += text[i];
        }
    }
    return result;
}

// A mount that is in no place; the descriptor keeps it.
UniqueFd mount_detached() {
    UniqueFd context(::fsopen("cgroup2", FSOPEN_CLOEXEC));
    if (!context || ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
        return UniqueFd();
    UniqueFd mount(::fsmount(context.get(), FSMOUNT_CLOEXEC, 0));
    return UniqueFd(mount ? ::openat(mount.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1);
}

} // namespace

std::string find_cgroup2_mount(std::string_view mountinfo) {
    std::istringstream lines{std::string(mountinfo)};
    for (std::string line; std::getline(lines, line);) {
        // ID PARENT DEV ROOT MOUNTPOINT OPTIONS [TAGS...] - TYPE SOURCE SUPEROPTIONS
        auto separator = line.find(" - cgroup2 ");
        if (separator == std::string::npos)
            continue;
        std::istringstream fields(line);
        std::string id, parent, device, root, mount_point;
        if (fields >> id >> parent >> device >> root >> mount_point && root == "/" &&
            mount_point.starts_with('/'))
            return unescape_octal(mount_point);
    }
    return {};
}

Result<std::string> cgroup2_mount() {
    std::ifstream file("/proc/thread-self/mountinfo");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty())
        return Error{"/proc/thread-self/mountinfo cannot be read"};
    std::string path = find_cgroup2_mount(text);
    if (path.empty())
        return Error{"no root of a cgroup2 hierarchy is mounted here"};
    return path;
}

Result<UniqueFd> open_cgroup2_root() {
    auto path = cgroup2_mount();
    if (!path) {
        UniqueFd own = mount_detached();
        if (!own)
            return std::move(path).error();
        return own;
    }
    UniqueFd root(::open(path->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return Error{"opening " + *path + ": " + std::strerror(errno), errno};
    return root;
}

} // namespace sockledger
