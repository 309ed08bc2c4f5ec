// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace sockledger {

/// The network namespace of the calling thread, as the inode number of /proc/thread-self/ns/net;
/// 0 when it cannot be read. Threads: any.
std::uint32_t current_netns();

/// The namespace `netns`, if this process lives in it and may be looked at. The descriptor keeps it
/// alive when all its processes are gone, so it is not to be kept. Threads: any.
UniqueFd open_netns(int procfs, std::uint32_t netns, std::uint32_t pid);

/// Calls `visit` inside each network namespace that a process of `procfs` lives in, but not in `own`.
/// That happens on a thread of its own, which has ended when this returns: the caller's namespace never
/// changes. `visit` returns false when it could not do its work. Returns how many namespaces could not
/// be entered, or not be visited with success. Threads: any.
std::size_t visit_other_namespaces(int procfs, std::uint32_t own,
                                   const std::function<bool(std::uint32_t netns)>& visit);

} // namespace sockledger
