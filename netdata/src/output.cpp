// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "output.hpp"

#include "files.hpp"

namespace sockledger::netdata {

void Output::write(std::string_view block) {
    const std::lock_guard lock(mutex_);
    if (!closed_ && !write_all(fd_, block))
        closed_ = true;
}

} // namespace sockledger::netdata
