// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_indexes.hpp"

#include "apps/desktop_entry.hpp"
#include "kernel/users.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace sockledger {

namespace {

constexpr std::size_t user_limit = 1024;

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

// Flatpak and snapd put theirs into XDG_DATA_DIRS at login, which a service does not see.
std::vector<std::string> system_data(std::string_view data_dirs) {
    if (data_dirs.empty())
        data_dirs = "/usr/local/share:/usr/share";
    std::vector<std::string> directories;
    const auto add = [&](std::string_view directory) {
        while (directory.size() > 1 && directory.ends_with('/'))
            directory.remove_suffix(1);
        if (directory.starts_with('/') && std::ranges::find(directories, directory) == directories.end())
            directories.emplace_back(directory);
    };
    for (std::string_view rest = data_dirs; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        add(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    add("/var/lib/flatpak/exports/share");
    add("/var/lib/snapd/desktop");
    return directories;
}

} // namespace

DesktopSettings desktop_settings() {
    DesktopSettings settings;
    settings.data_home = variable("XDG_DATA_HOME");
    settings.data_dirs = variable("XDG_DATA_DIRS");
    settings.languages = desktop_languages(variable("LANGUAGE"), variable("LC_ALL"), variable("LC_MESSAGES"),
                                           variable("LANG"));
    settings.uid = geteuid();
    settings.home = home_of;
    return settings;
}

DesktopIndexes::DesktopIndexes(DesktopSettings settings) : settings_(std::move(settings)) {
    system_.places = {settings_.root,
                      system_data(settings_.data_dirs),
                      {"/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin",
                       "/usr/local/games", "/usr/games"},
                      settings_.languages};
    read(system_);
    make_index(system_);
}

const DesktopIndex& DesktopIndexes::of_user(std::uint32_t uid) {
    const auto [found, first] = users_.try_emplace(uid);
    Set& user = found->second;
    if (first) {
        const std::string home = settings_.home(uid);
        if (home.size() > 1 && home.starts_with('/')) {
            const bool own = uid == settings_.uid && settings_.data_home.starts_with('/');
            user.places = system_.places;
            user.places.data_directories = {own ? settings_.data_home : home + "/.local/share",
                                            home + "/.local/share/flatpak/exports/share"};
            auto& programs = user.places.program_directories;
            programs.insert(programs.begin(), {home + "/.local/bin", home + "/bin"});
            read(user);
            make_index(user);
        }
    }
    const bool has_own =
        std::ranges::any_of(user.trees, [](const auto& tree) { return !tree->files().empty(); });
    return has_own ? user.index : system_.index;
}

bool DesktopIndexes::refresh() {
    const bool system_changed = reread(system_);
    if (system_changed)
        make_index(system_);
    bool changed = system_changed;
    for (auto& [uid, user] : users_) {
        const bool user_changed = reread(user);
        if (user_changed || system_changed)
            make_index(user);
        changed = changed || user_changed;
    }
    // Each container may have 65,536 users of its own; the living ones come back.
    if (users_.size() > user_limit) {
        users_.clear();
        changed = true;
    }
    return changed;
}

void DesktopIndexes::read(Set& set) const {
    for (const std::string& directory : set.places.data_directories)
        set.trees.push_back(std::make_unique<DesktopTree>(directory, set.places));
}

bool DesktopIndexes::reread(Set& set) const {
    bool changed = false;
    for (std::size_t i = 0; i < set.trees.size(); ++i) {
        if (set.trees[i]->changed()) {
            set.trees[i] = std::make_unique<DesktopTree>(set.places.data_directories[i], set.places);
            changed = true;
        }
    }
    return changed;
}

void DesktopIndexes::make_index(Set& set) const {
    std::vector<const DesktopTree*> trees;
    for (const auto& tree : set.trees)
        trees.push_back(tree.get());
    if (&set != &system_)
        for (const auto& tree : system_.trees)
            trees.push_back(tree.get());
    set.index = DesktopIndex(trees);
}

} // namespace sockledger
