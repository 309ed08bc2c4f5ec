// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>

namespace sockledger {

/// What the Exec key of a desktop entry starts. Threads: any.
struct DesktopCommand {
    std::string program; ///< a path or a bare name; empty when it is no program of its own
    bool plain = false;  ///< nothing but field codes (%u) follows: the application, not one use of it
};

/// Takes quotes and "env NAME=VALUE" away. `exec` as in DesktopEntry.
DesktopCommand parse_exec(std::string_view exec);

/// Interpreters and launchers: the program says nothing about the application. `program` is a path
/// or a bare name, with its version or without: "/usr/bin/python3.11".
bool runs_others(std::string_view program);

/// "firefox" of "/usr/bin/firefox", and of itself.
std::string_view base_name(std::string_view path);

} // namespace sockledger
