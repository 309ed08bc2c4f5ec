// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>

namespace sockledger {

/// The network namespace of the calling thread, as the inode number of /proc/thread-self/ns/net;
/// 0 when it cannot be read. Threads: any.
std::uint32_t current_netns();

} // namespace sockledger
