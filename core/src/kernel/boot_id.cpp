// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/boot_id.hpp"

#include "kernel/files.hpp"

#include <fcntl.h>

namespace sockledger {

Result<std::string> boot_id() {
    auto text = read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id");
    if (text)
        while (!text->empty() && text->back() == '\n')
            text->pop_back();
    return text;
}

} // namespace sockledger
