// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace sockledger::collectd {

/// A name as it may stand in an identifier of collectd and in every format that its writers have: without
/// control characters and slashes, whole UTF-8 characters (`text` is valid UTF-8), at most `longest_name`
/// bytes. A longer one ends in a hash of the whole. "_" when nothing is left. Threads: any.
std::string clean_name(std::string_view text);
inline constexpr std::size_t longest_name = 100;

/// Text for a person: without control characters, whole UTF-8 characters, at most `most` bytes. Threads: any.
std::string clean_text(std::string_view text, std::size_t most);

/// Which name stands for which id: the clean name, or the clean id where another one has that name already.
/// Threads: one at a time.
class Names {
public:
    /// No one gets a name that is reserved.
    explicit Names(std::set<std::string> reserved = {}) : taken_(std::move(reserved)) {}

    /// The same as long as it is asked for between one forget_unused() and the next.
    const std::string& of(const std::string& id, const char* name);
    /// What stands for an id now; nullptr for none.
    const std::string* find(const std::string& id) const;
    void forget_unused();

private:
    struct Known {
        std::string name;
        bool used = true;
    };
    std::map<std::string, Known> known_; ///< by id
    std::set<std::string> taken_;
};

} // namespace sockledger::collectd
