// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/daemon.hpp>
#include <sockledger/result.hpp>

#include <string>
#include <vector>

namespace sockledger::daemon {

struct Options {
    bool help = false;
    bool version = false;
    bool check_config = false;           ///< say what is wrong with the configuration, and end
    bool exact = true;                   ///< may load BPF programs
    std::string socket = default_socket; ///< not used when the service manager hands one over
    std::string state = "/var/lib/sockledger";
    std::string config = "/etc/sockledger/sockledgerd.toml";
    bool config_required = false; ///< it was named, so it has to be there
};

/// `arguments` without the program's name; `state_directory` is STATE_DIRECTORY of the environment, or
/// null. The Error is one line: what is wrong and where. Threads: any.
Result<Options> parse_options(const std::vector<std::string>& arguments, const char* state_directory);

/// What --help prints.
std::string help_text();

} // namespace sockledger::daemon
