// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "pattern.hpp"

namespace sockledger::netdata {

SimplePattern::SimplePattern(std::string_view text) {
    Word word{{""}, false};
    bool empty = true;
    const auto finish = [&] {
        if (!empty)
            words_.push_back(std::move(word));
        word = {{""}, false};
        empty = true;
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == ' ' || c == '\t') {
            finish();
            continue;
        }
        if (c == '!' && empty && !word.negative) {
            word.negative = true;
            continue;
        }
        empty = false;
        if (c == '*')
            word.parts.emplace_back();
        else
            word.parts.back() += c == '\\' && at + 1 < text.size() ? text[++at] : c;
    }
    finish();
}

bool SimplePattern::matches(const Word& word, std::string_view name) {
    if (word.parts.size() == 1)
        return name == word.parts.front();
    const std::string& first = word.parts.front();
    const std::string& last = word.parts.back();
    if (name.size() < first.size() + last.size() || !name.starts_with(first) || !name.ends_with(last))
        return false;
    // Each part at its first place leaves the most room for the next.
    name = name.substr(first.size(), name.size() - first.size() - last.size());
    for (std::size_t i = 1; i + 1 < word.parts.size(); ++i) {
        const auto found = name.find(word.parts[i]);
        if (found == std::string_view::npos)
            return false;
        name.remove_prefix(found + word.parts[i].size());
    }
    return true;
}

int SimplePattern::verdict(std::string_view name) const {
    for (const Word& word : words_)
        if (matches(word, name))
            return word.negative ? -1 : 1;
    return 0;
}

} // namespace sockledger::netdata
