// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "config_item.hpp"
#include "ignorelist.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sockledger::collectd {

/// What a <Plugin sockledger> block says. Passive data.
struct Settings {
    std::string socket;                 ///< empty: the default one
    std::uint32_t interval_seconds = 0; ///< 0: collectd's own
    std::uint32_t top_applications = 50;
    bool report_connections = true;
    bool report_processes = true;
    Ignorelist interfaces;
    Ignorelist applications; ///< of names and ids

    /// Until the user names interfaces, those that come and go with containers and virtual machines are left
    /// out, and those of other network namespaces, which have a slash in their name.
    bool ignores_interface(const char* name) const;
};

/// Takes over what a block says; a second block adds to the first. Gives back what is wrong, a line each:
/// that leaves what was before. Threads: any.
std::vector<std::string> apply(Settings& settings, const ConfigItem& block);

} // namespace sockledger::collectd
