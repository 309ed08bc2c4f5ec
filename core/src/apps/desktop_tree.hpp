// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/desktop_index.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sockledger {

/// Where the desktop entries of one user, or of the system, are looked for.
struct DesktopPlaces {
    std::string root; ///< goes before every path, has no links: a test's tree, or empty
    std::vector<std::string> data_directories; ///< the stronger first
    std::vector<std::string> program_directories;
    std::vector<std::string> languages; ///< of desktop_languages()
};

/// One desktop entry file, as an index needs it.
struct DesktopFile {
    DesktopApp app;
    bool deleted = false;          ///< only hides the files with its id in weaker directories
    std::string program;           ///< path after symbolic links; empty without a program of its own
    std::vector<std::string> keys; ///< paths and names of its program, its package
    std::string home;              ///< directory of the program, "/opt/google/chrome/", when it is not shared
    int rank = 0;                  ///< how well it stands for its program; more is better
};

/// The desktop entries below one data directory: "/usr/share" has them in "applications". Files of
/// more than 256 KiB are left out, and what comes after 20,000 directory entries or 64 MiB.
/// Threads: one at a time.
class DesktopTree {
public:
    DesktopTree(const std::string& data_directory, const DesktopPlaces& places);

    const std::vector<DesktopFile>& files() const { return files_; }

    /// A file came or went since this was read, by the modification times of its directories.
    bool changed() const;

private:
    using Time = std::filesystem::file_time_type;

    std::vector<std::filesystem::path> find_files();
    void watch(const std::filesystem::path& directory);

    std::filesystem::path top_;
    std::vector<std::pair<std::filesystem::path, std::optional<Time>>> directories_;
    bool unsettled_ = false;         // changed so lately that the next change may bear the same time
    std::vector<DesktopFile> files_; // by id
};

} // namespace sockledger
