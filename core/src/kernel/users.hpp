// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace sockledger {

/// Names of users, each asked of the system once. Threads: one at a time.
class UserNames {
public:
    /// The name of a user, or its digits when it has none. Valid until destruction.
    const std::string& name(std::uint32_t uid);

private:
    std::unordered_map<std::uint32_t, std::string> names_;
};

/// The home directory of a user as the system's database has it; empty when it has none.
/// Threads: any.
std::string home_of(std::uint32_t uid);

} // namespace sockledger
