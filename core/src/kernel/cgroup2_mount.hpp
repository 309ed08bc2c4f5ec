// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <string>
#include <string_view>

namespace sockledger {

/// The mount point of the cgroup2 tree in the text of /proc/PID/mountinfo; empty when there is none.
std::string find_cgroup2_mount(std::string_view mountinfo);

/// The same for this process. Threads: any.
Result<std::string> cgroup2_mount();

} // namespace sockledger
