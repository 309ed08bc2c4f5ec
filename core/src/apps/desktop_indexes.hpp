// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/desktop_index.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace sockledger {

/// The desktop entries of this machine, as far as this process may read them. Threads: one at a time.
class DesktopIndexes {
public:
    /// Of the tree below `root`: a test's, or "" for the machine's.
    explicit DesktopIndexes(std::string root = {});
    ~DesktopIndexes();

    /// What a user sees: the entries below his home and those of the system. Reads his home the first
    /// time. Valid until the next refresh().
    const DesktopIndex& of_user(std::uint32_t uid);

    /// Reads again what has changed since, by the modification times of the directories. True when
    /// something has: indexes and their answers are void then.
    bool refresh();

private:
    class Trees;
    std::unique_ptr<Trees> trees_;
};

} // namespace sockledger
