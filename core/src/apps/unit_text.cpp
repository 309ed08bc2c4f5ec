// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/unit_text.hpp"

#include "kernel/text.hpp"

#include <algorithm>

namespace sockledger {

bool remove_prefix(std::string_view& text, std::string_view prefix) {
    const bool found = text.starts_with(prefix);
    text.remove_prefix(found ? prefix.size() : 0);
    return found;
}

bool remove_suffix(std::string_view& text, std::string_view suffix) {
    const bool found = text.ends_with(suffix);
    text.remove_suffix(found ? suffix.size() : 0);
    return found;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) {
            parts.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string_view after_last(std::string_view text, char separator) {
    const auto at = text.rfind(separator);
    return at == text.npos || at + 1 == text.size() ? text : text.substr(at + 1);
}

bool is_one_of(std::string_view text, std::string_view words) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == text) {
            return true;
        }
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

std::string bus_name_of(std::string_view unit) {
    if (!remove_prefix(unit, "dbus-:") || !remove_suffix(unit, ".service")) {
        return {};
    }
    const auto dash = unit.find('-');
    return dash == unit.npos ? std::string()
                             : unescape_unit(unit.substr(dash + 1, unit.find('@') - dash - 1));
}

std::string unescape_unit(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string plain;
    while (!text.empty()) {
        if (text.size() >= 4 && text.starts_with("\\x") && is_hex(text.substr(2, 2))) {
            plain += static_cast<char>(digits.find(text[2]) << 4 | digits.find(text[3]));
            text.remove_prefix(4);
        } else {
            plain += text.front();
            text.remove_prefix(1);
        }
    }
    return printable(plain);
}

} // namespace sockledger
