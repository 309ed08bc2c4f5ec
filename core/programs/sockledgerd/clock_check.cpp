// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "clock_check.hpp"

namespace sockledger::daemon {

bool ClockCheck::is_steady(const Instant& now) {
    const std::chrono::nanoseconds offset = now.realtime - now.boottime;
    if (!offset_ || std::chrono::abs(offset - *offset_) > tolerance) {
        offset_ = offset;
        since_ = now.boottime;
    }
    return now.boottime - since_ >= long_enough;
}

} // namespace sockledger::daemon
