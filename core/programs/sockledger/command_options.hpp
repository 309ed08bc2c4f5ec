// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "arguments.hpp"
#include "options.hpp"

#include <array>
#include <string_view>

/// What each command takes. Inside parse_options() only: all of it throws BadArgument.
namespace sockledger::cli {

struct CommandWord {
    std::string_view words; ///< "usage", "rules set"; empty for the live table
    Command command = Command::Live;
    std::array<std::string_view, 3> options; ///< groups of those that apply, each between blanks
};
const CommandWord& command_word(Command command);
/// The option does something with this command.
bool applies(const CommandWord& command, std::string_view option);

inline constexpr char day_of_month[] = "a day of the month, 1 to 31";

/// Options::command and what its words name: files, interfaces, a rule.
void take_command(const Arguments& given, Options& options);
/// Options::history, of the commands that have a window.
void take_history(const Arguments& given, std::chrono::seconds now, Options& options);
void take_rule(const Arguments& given, Rule& rule);

} // namespace sockledger::cli
