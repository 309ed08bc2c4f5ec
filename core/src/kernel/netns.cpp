// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns.hpp"

#include <sys/stat.h>

namespace sockledger {

std::uint32_t current_netns() {
    struct stat info {};
    return stat("/proc/thread-self/ns/net", &info) == 0 ? static_cast<std::uint32_t>(info.st_ino) : 0;
}

} // namespace sockledger
