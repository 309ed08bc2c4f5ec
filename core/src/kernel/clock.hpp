// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

namespace sockledger {

/// This moment on CLOCK_BOOTTIME and CLOCK_REALTIME. Threads: any.
Instant now();

} // namespace sockledger
