// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "screen.hpp"

namespace sockledger::cli {

std::unique_ptr<Screen> open_screen(bool) {
    return nullptr;
}

} // namespace sockledger::cli
