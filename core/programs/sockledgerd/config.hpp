// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "rules/hook.hpp"

#include <sockledger/result.hpp>
#include <sockledger/rules.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The configuration file of sockledgerd, described in sockledgerd.toml(5). Passive data. Threads: any.
namespace sockledger::daemon {

struct ConfiguredRule {
    Rule rule;           ///< valid, and from_configuration
    HookCommand command; ///< without argv: none
};

struct Config {
    /// Names with '*' for any text. None: all but loopback. What was chosen at run time takes its place.
    std::vector<std::string> monitored;

    struct History {
        bool enabled = true;
        std::chrono::seconds keep_minutes = std::chrono::days(2);
        std::chrono::seconds keep_hours = std::chrono::days(90);
        std::optional<std::chrono::seconds> keep_days; ///< absent: forever
        std::chrono::seconds flush{10};                ///< what a kill may lose
    } history;

    std::string group = "sockledger"; ///< sees everything and changes settings, as root does; may be empty
    unsigned socket_mode = 0666;      ///< of a socket that the daemon makes itself
    std::chrono::seconds interval{1}; ///< between samples

    std::vector<ConfiguredRule> rules; ///< their ids differ
};

struct LoadedConfig {
    Config config;
    std::vector<std::string> warnings; ///< "FILE:LINE:COLUMN: warning: ...", in order of place
    bool found = false;                ///< there was a file
};

/// An Error has a line for each thing that is wrong ("FILE:LINE:COLUMN: error: ..."), and for each
/// warning: the wrong spelling of a key is both.
Result<LoadedConfig> parse_config(std::string_view text, const std::string& file_name);

/// A file that is not there gives the defaults, unless it is `required`.
Result<LoadedConfig> load_config(const std::string& path, bool required);

struct Checked {
    std::string text; ///< what --check-config prints: whole lines
    bool good = true; ///< the daemon starts with it
};
Checked check_config(const std::string& path, bool required);

} // namespace sockledger::daemon
