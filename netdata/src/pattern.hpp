// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sockledger::netdata {

/// Netdata's simple patterns: words apart by spaces, `*` for any text, `!` in front of a word for "not".
/// The first word that matches decides; `\` takes the meaning of the next character away.
class SimplePattern {
public:
    SimplePattern() = default;
    explicit SimplePattern(std::string_view text);

    /// False when no word matches. Threads: any.
    bool matches(std::string_view name) const { return verdict(name) > 0; }
    /// 1: included, -1: excluded, 0: no word says anything of it.
    int verdict(std::string_view name) const;

private:
    struct Word {
        std::vector<std::string> parts; ///< between the stars
        bool negative = false;
    };
    static bool matches(const Word& word, std::string_view name);

    std::vector<Word> words_;
};

} // namespace sockledger::netdata
