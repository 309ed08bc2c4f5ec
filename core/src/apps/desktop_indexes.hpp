// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/desktop_index.hpp"
#include "apps/desktop_tree.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sockledger {

/// Where to look; what a test sets, and else follows from this machine and our environment.
struct DesktopSettings {
    std::string root;                                   ///< as in DesktopPlaces
    std::string data_home;                              ///< XDG_DATA_HOME, ours
    std::string data_dirs;                              ///< XDG_DATA_DIRS
    std::vector<std::string> languages;                 ///< of desktop_languages()
    std::uint32_t uid = 0;                              ///< ours
    std::function<std::string(std::uint32_t uid)> home; ///< home directory of a user
};

/// Of our environment; a service has none, and gets what the Base Directory Specification says then.
DesktopSettings desktop_settings();

/// The desktop entries of this machine, as far as this process may read them. Threads: one at a time.
class DesktopIndexes {
public:
    explicit DesktopIndexes(DesktopSettings settings = desktop_settings());

    /// What a user sees: the entries below his home and those of the system. Reads his home the first
    /// time. The index and its answers are valid until the next refresh().
    const DesktopIndex& of_user(std::uint32_t uid);

    /// Reads again what has changed since. True when something has: what was found may differ now.
    bool refresh();

private:
    struct Set {
        DesktopPlaces places;
        std::vector<std::unique_ptr<DesktopTree>> trees;
        DesktopIndex index;
    };

    void read(Set& set) const;
    bool reread(Set& set) const;
    void make_index(Set& user) const;

    DesktopSettings settings_;
    Set system_;
    std::unordered_map<std::uint32_t, Set> users_;
};

} // namespace sockledger
