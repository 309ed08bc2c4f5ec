// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_index.hpp"

#include "apps/desktop_command.hpp"
#include "apps/desktop_program.hpp"
#include "apps/desktop_tree.hpp"

#include <cstddef>

namespace sockledger {

namespace {

// Who answers for a key, while the files are gone through from the strongest tree to the weakest.
struct Candidate {
    const DesktopFile* file = nullptr;
    std::size_t tree = 0;
    bool tied = false;  // with another one that people know by another name
    bool mixed = false; // a directory with several applications

    void meet(const DesktopFile& other, std::size_t from) {
        if (!file || other.rank > file->rank) {
            file = &other;
            tree = from;
            tied = false;
        } else if (other.rank == file->rank && from == tree) {
            tied = tied || other.app.name != file->app.name;
        }
    }
};

} // namespace

DesktopIndex::DesktopIndex(std::span<const DesktopTree* const> trees) {
    Map<Candidate> candidates;
    for (std::size_t tree = 0; tree < trees.size(); ++tree) {
        for (const DesktopFile& file : trees[tree]->files()) {
            if (!files_.try_emplace(file.app.id, &file).second || file.deleted)
                continue;
            for (const std::string& key : file.keys)
                candidates[key].meet(file, tree);
            if (!file.home.empty()) {
                Candidate& owner = candidates[file.home];
                owner.mixed = owner.mixed || (owner.file && owner.file->program != file.program);
                owner.meet(file, tree);
            }
        }
    }
    for (const auto& [key, candidate] : candidates)
        if (!candidate.tied && !candidate.mixed)
            keys_.emplace(key, candidate.file);
}

const DesktopApp* DesktopIndex::find(std::string_view key) const {
    const auto found = keys_.find(key);
    return found == keys_.end() ? nullptr : &found->second->app;
}

const DesktopApp* DesktopIndex::by_id(std::string_view id) const {
    const auto found = files_.find(id);
    return found == files_.end() || found->second->deleted ? nullptr : &found->second->app;
}

const DesktopApp* DesktopIndex::by_exe(std::string_view exe) const {
    if (runs_others(exe) || exe.ends_with('/'))
        return nullptr;
    if (const DesktopApp* const app = find(exe))
        return app;
    // A script starts the program itself, as in /usr/bin/chromium for /usr/lib/chromium/chromium.
    if (!installed(exe))
        return nullptr;
    const auto name = exe.rfind('/') + 1;
    const DesktopApp* const owner = find(exe.substr(0, name));
    return owner ? owner : find(exe.substr(name));
}

const DesktopApp* DesktopIndex::by_package(std::string_view package) const {
    return package.starts_with('/') ? nullptr : find(package_key(package));
}

} // namespace sockledger
