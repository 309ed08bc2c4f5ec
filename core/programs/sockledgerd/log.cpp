// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "log.hpp"

#include "kernel/text.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace sockledger::daemon {

void log(Level level, std::string_view text) {
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    std::string line = journal ? "<" + std::to_string(static_cast<int>(level)) + ">" : "sockledgerd: ";
    // Names of programs are in it, and a line break would let them write lines of ours.
    line += printable(text);
    line += '\n';
    // One write, so that lines of two threads do not mix; where nobody reads there is nobody to tell.
    [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
}

} // namespace sockledger::daemon
