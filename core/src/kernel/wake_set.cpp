// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/wake_set.hpp"

#include <sys/epoll.h>

namespace sockledger {

void WakeSet::add(int fd) {
    if (fd < 0) {
        return;
    }
    if (!epoll_) {
        epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
    }
    epoll_event readable{};
    readable.events = EPOLLIN;
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &readable);
}

} // namespace sockledger
