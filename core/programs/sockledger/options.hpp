// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "columns.hpp"

#include <sockledger/result.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sockledger::cli {

enum class Command { Live, Apps, Processes, Connections, Interfaces, Doctor, Record };

struct Options {
    Command command = Command::Live;
    bool help = false;
    bool version = false;
    bool json = false;
    bool watch = false;
    bool color = true;
    bool exact = true;
    Units units;
    Selection selection;
    std::optional<int> interval_s;
    std::optional<int> duration_s;
    std::string replay; ///< the recording to read instead of this machine
    std::string record; ///< the recording to write
};

/// `arguments` without the program's name. The Error is one line: what is wrong and where. Threads: any.
Result<Options> parse_options(const std::vector<std::string>& arguments);

/// What --help prints.
std::string help_text();

/// The table that a command shows; Apps for Command::Live.
View view_of(Command command);

} // namespace sockledger::cli
