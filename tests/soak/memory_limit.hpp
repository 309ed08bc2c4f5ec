// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <sys/types.h>

namespace sockledger::test {

/// Memory that a process takes from now on is scarce beyond `bytes`: it waits for what the kernel can take
/// back from it, and is not killed. Where there is no memory controller, nothing happens.
class MemoryLimit {
public:
    MemoryLimit(pid_t pid, std::size_t bytes);
    ~MemoryLimit();
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;

    static bool possible();

private:
    pid_t pid_;
    std::string group_; ///< empty: none
};

} // namespace sockledger::test
