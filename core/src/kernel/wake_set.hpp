// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

namespace sockledger {

/// One descriptor that polls readable while any of the added ones does. Threads: any for fd().
class WakeSet {
public:
    /// -1 is ignored. A descriptor that cannot be watched is left out: it wakes nobody, and the regular
    /// samples still pick up what it has.
    void add(int fd);
    /// -1 when nothing was added.
    int fd() const { return epoll_.get(); }

private:
    UniqueFd epoll_;
};

} // namespace sockledger
