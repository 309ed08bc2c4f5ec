// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "ignorelist.hpp"

#include <algorithm>
#include <utility>

namespace sockledger::collectd {

bool Ignorelist::add(const std::string& entry) {
    if (entry.size() <= 2 || entry.front() != '/' || entry.back() != '/') {
        names_.push_back(entry);
        return true;
    }
    auto pattern = std::make_unique<regex_t>();
    if (regcomp(pattern.get(), entry.substr(1, entry.size() - 2).c_str(), REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    patterns_.emplace_back(pattern.release(), [](regex_t* compiled) {
        regfree(compiled);
        delete compiled;
    });
    return true;
}

bool Ignorelist::matches(const char* name) const {
    return std::ranges::find(names_, name) != names_.end() ||
           std::ranges::any_of(patterns_, [name](const auto& pattern) {
               return regexec(pattern.get(), name, 0, nullptr, 0) == 0;
           });
}

bool Ignorelist::ignores(std::initializer_list<const char*> names) const {
    const bool selected = std::ranges::any_of(names, [this](const char* name) { return matches(name); });
    return !empty() && selected == ignore_selected_;
}

} // namespace sockledger::collectd
