// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/forwarding.hpp"

#include "kernel/files.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace sockledger {

namespace {

bool is_set(const UniqueFd& setting) {
    char value = '0';
    return setting && pread(setting.get(), &value, 1, 0) == 1 && value != '0';
}

} // namespace

Forwarding::Forwarding(int settings)
    : ipv4_(openat(settings, "ipv4/ip_forward", O_RDONLY | O_CLOEXEC))
    , ipv6_(openat(settings, "ipv6/conf/all/forwarding", O_RDONLY | O_CLOEXEC)) {}

Forwarding Forwarding::open() {
    const auto settings = open_directory(AT_FDCWD, "/proc/sys/net");
    return settings ? Forwarding(settings->get()) : Forwarding();
}

bool Forwarding::is_on() const {
    return is_set(ipv4_) || is_set(ipv6_);
}

} // namespace sockledger
