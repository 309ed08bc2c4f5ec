// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <string>

namespace sockledger {

/// What tells this boot of the machine from every other: /proc/sys/kernel/random/boot_id. Threads: any.
Result<std::string> boot_id();

} // namespace sockledger
