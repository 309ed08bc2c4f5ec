// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/users.hpp"

#include "kernel/text.hpp"

#include <cerrno>
#include <utility>
#include <vector>

#include <pwd.h>

namespace sockledger {

namespace {

// What `get` makes of the user's entry, or `otherwise` without one.
template<typename Get>
std::string look_up(std::uint32_t uid, std::string otherwise, Get get) {
    constexpr std::size_t limit = 1 << 20;
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(1 << 10);
    while (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == ERANGE && buffer.size() < limit) {
        buffer.resize(buffer.size() * 4);
    }
    const char* const field = found ? get(*found) : nullptr;
    return field ? field : std::move(otherwise);
}

} // namespace

const std::string& UserNames::name(std::uint32_t uid) {
    const auto known = names_.find(uid);
    if (known != names_.end()) {
        return known->second;
    }
    const std::string name =
        look_up(uid, std::to_string(uid), [](const passwd& entry) { return entry.pw_name; });
    return names_.emplace(uid, printable(name)).first->second;
}

std::string home_of(std::uint32_t uid) {
    return look_up(uid, {}, [](const passwd& entry) { return entry.pw_dir; });
}

} // namespace sockledger
