// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <string>
#include <string_view>

namespace sockledger {

/// The mount point of the cgroup2 tree in the text of /proc/PID/mountinfo; empty when there is none.
std::string find_cgroup2_mount(std::string_view mountinfo);

/// The same for this process. Threads: any.
Result<std::string> cgroup2_mount();

/// The root of the cgroup2 tree as a directory: the mounted one, else a mount of our own that nobody
/// sees (`ip netns exec` hides the system's), which takes CAP_SYS_ADMIN. Threads: any.
Result<UniqueFd> open_cgroup2_root();

} // namespace sockledger
