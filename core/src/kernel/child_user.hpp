// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <string>
#include <vector>

#include <sys/types.h>

namespace sockledger {

/// Who a child process is to be. Threads: as its members.
struct ChildUser {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
};

/// As the system's user database has it. Threads: any.
Result<ChildUser> find_user(const std::string& name);
bool is_this_process(const ChildUser& user);
/// Whether this process has the capabilities that it takes to start a child as `user`, and to end it.
Result<void> may_become(const ChildUser& user);

} // namespace sockledger
