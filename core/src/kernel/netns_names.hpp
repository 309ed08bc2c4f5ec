// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <cstdint>
#include <ctime>
#include <map>
#include <string>

namespace sockledger {

/// The names that `ip netns` gives: files in /run/netns on which namespaces are mounted.
/// Threads: one at a time.
class NetnsNames {
public:
    explicit NetnsNames(std::string directory = "/run/netns") : directory_(std::move(directory)) {}

    /// Reads the directory again when something was added or removed.
    void refresh();
    /// Inode numbers and files.
    const std::map<std::uint32_t, std::string>& files() const { return files_; }
    /// The namespace itself; nothing when it is not here or may not be opened.
    UniqueFd open(std::uint32_t netns) const;
    /// Empty for one that is not here. A name that a container engine made up ("netns-0a1b...",
    /// "cni-0a1b...") says less than the container's own, so it is none.
    std::string name_of(std::uint32_t netns) const;

private:
    std::string directory_;
    std::map<std::uint32_t, std::string> files_;
    timespec changed_{};
    bool complete_ = false;
};

} // namespace sockledger
