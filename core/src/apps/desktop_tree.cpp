// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_tree.hpp"

#include "apps/desktop_entry.hpp"
#include "apps/desktop_program.hpp"
#include "kernel/files.hpp"
#include "kernel/text.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace sockledger {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_limit = 256 << 10;
constexpr std::size_t total_limit = 64 << 20;
constexpr int entry_limit = 20'000;
constexpr int depth_limit = 8; // links may lead in circles
constexpr std::string_view suffix = ".desktop";

// "kde/konsole.desktop" is "kde-konsole".
std::string id_of(const fs::path& file, const fs::path& top) {
    std::string id = file.lexically_relative(top).native();
    id.resize(id.size() - suffix.size());
    std::ranges::replace(id, '/', '-');
    return printable(id);
}

std::optional<fs::file_time_type> modified(const fs::path& directory) {
    std::error_code error;
    const auto time = fs::last_write_time(directory, error);
    return error ? std::nullopt : std::optional(time);
}

} // namespace

DesktopTree::DesktopTree(const std::string& data_directory, const DesktopPlaces& places)
    : top_(places.root + data_directory + "/applications") {
    std::size_t total = 0;
    for (const fs::path& path : find_files()) {
        const auto text = read_regular_file(path.native(), file_limit);
        total += text ? text->size() : 0;
        if (total > total_limit)
            break;
        const auto entry = text ? parse_desktop_entry(*text, places.languages) : std::nullopt;
        if (entry)
            files_.push_back(describe_desktop_file(id_of(path, top_), *entry, places));
    }
}

// Sorted: of two files with one id, the same one has to win each time.
std::vector<fs::path> DesktopTree::find_files() {
    std::vector<fs::path> found;
    std::error_code error;
    watch(top_);
    const auto options =
        fs::directory_options::follow_directory_symlink | fs::directory_options::skip_permission_denied;
    fs::recursive_directory_iterator entry(top_, options, error);
    for (int count = 0; !error && entry != fs::recursive_directory_iterator() && count < entry_limit;
         entry.increment(error), ++count) {
        std::error_code vanished;
        if (entry->is_directory(vanished)) {
            watch(entry->path());
            if (entry.depth() >= depth_limit)
                entry.disable_recursion_pending();
        } else if (entry->path().native().ends_with(suffix)) {
            found.push_back(entry->path());
        }
    }
    std::ranges::sort(found);
    return found;
}

void DesktopTree::watch(const fs::path& directory) {
    constexpr std::chrono::seconds settles{2};
    const auto time = modified(directory);
    unsettled_ = unsettled_ || (time && fs::file_time_type::clock::now() - *time < settles);
    directories_.emplace_back(directory, time);
}

bool DesktopTree::changed() const {
    return unsettled_ || std::ranges::any_of(directories_, [](const auto& directory) {
               return modified(directory.first) != directory.second;
           });
}

} // namespace sockledger
