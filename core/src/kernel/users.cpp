// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/users.hpp"

#include "kernel/text.hpp"

#include <cerrno>
#include <vector>

#include <pwd.h>

namespace sockledger {

namespace {

std::string look_up(std::uint32_t uid) {
    constexpr std::size_t limit = 1 << 20;
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(1 << 10);
    while (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == ERANGE && buffer.size() < limit) {
        buffer.resize(buffer.size() * 4);
    }
    return found && found->pw_name ? printable(found->pw_name) : std::to_string(uid);
}

} // namespace

const std::string& UserNames::name(std::uint32_t uid) {
    const auto known = names_.find(uid);
    return known != names_.end() ? known->second : names_.emplace(uid, look_up(uid)).first->second;
}

} // namespace sockledger
