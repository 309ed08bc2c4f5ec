// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "log.hpp"

#include "kernel/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace sockledger::daemon {

void log(Level level, std::string_view text) {
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    const std::string mark = journal ? "<" + std::to_string(static_cast<int>(level)) + ">" : "sockledgerd: ";
    std::string lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        lines += mark + printable(line) + '\n';
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    // One write, so that lines of two threads do not mix; where nobody reads there is nobody to tell.
    [[maybe_unused]] const auto written = write(STDERR_FILENO, lines.data(), lines.size());
}

} // namespace sockledger::daemon
