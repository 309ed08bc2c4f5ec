// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/child_user.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sockledger {

namespace {

bool has_capability(unsigned number) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    return syscall(SYS_capget, &header, sets.data()) == 0 &&
           (sets[number / 32].effective >> number % 32 & 1) != 0;
}

} // namespace

Result<ChildUser> find_user(const std::string& name) {
    constexpr std::size_t limit = 1 << 20;
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(1 << 10);
    int code = 0;
    while ((code = getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found)) == ERANGE &&
           buffer.size() < limit)
        buffer.resize(buffer.size() * 4);
    if (!found)
        return Error{code == 0 ? "there is no user '" + name + "'"
                               : "user '" + name + "': " + std::strerror(code),
                     code};

    ChildUser user{name, entry.pw_uid, entry.pw_gid, {}};
    int count = 0;
    getgrouplist(name.c_str(), entry.pw_gid, nullptr, &count);
    user.groups.resize(static_cast<std::size_t>(count));
    if (getgrouplist(name.c_str(), entry.pw_gid, user.groups.data(), &count) < 0)
        return Error{"the groups of user '" + name + "' cannot be read", 0};
    user.groups.resize(static_cast<std::size_t>(count));
    return user;
}

bool is_this_process(const ChildUser& user) {
    return user.uid == getuid() && user.uid == geteuid();
}

Result<void> may_become(const ChildUser& user) {
    if (has_capability(CAP_SETUID) && has_capability(CAP_SETGID) && has_capability(CAP_KILL))
        return {};
    return Error{"running it as user '" + user.name + "' takes CAP_SETUID, CAP_SETGID and CAP_KILL", EPERM};
}

} // namespace sockledger
