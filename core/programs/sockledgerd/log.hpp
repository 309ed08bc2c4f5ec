// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string_view>

/// Messages on standard error, which is the journal under systemd. Threads: any.
namespace sockledger::daemon {

/// syslog(3) severities; below a service manager each line begins with its number (sd-daemon(3)).
enum class Level { Error = 3, Warning = 4, Notice = 5, Info = 6 };

/// Each line of `text` by itself; whoever puts names of programs into it makes sure that they have none.
void log(Level level, std::string_view text);

} // namespace sockledger::daemon
