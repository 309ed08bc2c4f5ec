// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/unique_fd.hpp"

#include <cerrno>

#include <unistd.h>

namespace sockledger {

UniqueFd::~UniqueFd() {
    if (fd_ >= 0) {
        // A destructor must not change the errno that its function is about to report.
        const int saved = errno;
        close(fd_);
        errno = saved;
    }
}

} // namespace sockledger
