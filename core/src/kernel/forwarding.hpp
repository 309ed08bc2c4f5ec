// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

namespace sockledger {

/// Whether a network namespace routes packets of others: net.ipv4.ip_forward or
/// net.ipv6.conf.all.forwarding. The files stay open, because a path leads to the namespace of whoever
/// opens it. Threads: any.
class Forwarding {
public:
    Forwarding() = default;
    /// `settings` is a directory like /proc/sys/net.
    explicit Forwarding(int settings);
    /// Of the namespace that the calling thread is in now; off when it cannot be read.
    static Forwarding open();

    bool is_on() const;

private:
    UniqueFd ipv4_;
    UniqueFd ipv6_;
};

} // namespace sockledger
