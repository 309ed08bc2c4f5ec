// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "identifier.hpp"

#include <sockledger/utf8.hpp>

#include <cstdint>

namespace sockledger::netdata {

namespace {

constexpr std::size_t longest_readable = 80;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// FNV-1a: the same in every version of the plugin, because history is kept by id.
std::string hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    std::string digits;
    for (int shift = 60; shift >= 16; shift -= 4)
        digits += "0123456789abcdef"[hash >> shift & 15];
    return digits;
}

} // namespace

std::string identifier(std::string_view name, char separator) {
    std::string made;
    bool readable = !name.empty() && name.size() <= longest_readable;
    for (const char c : name.substr(0, longest_readable)) {
        if (is_plain(c)) {
            made += c;
            continue;
        }
        // Two separators in a row would look like the mark of the hash
        readable = readable && c == separator && !made.empty() && made.back() != '_';
        if (!made.empty() && made.back() != '_')
            made += '_';
    }
    if (readable && made.back() != '_')
        return made;
    while (made.ends_with('_'))
        made.pop_back();
    return made + "__" + hash_of(name);
}

std::string app_identifier(std::string_view app_id) {
    const auto colon = app_id.find(':');
    const std::string_view scheme = app_id.substr(0, colon == std::string_view::npos ? 0 : colon);
    const std::string_view name = app_id.substr(colon == std::string_view::npos ? 0 : colon + 1);
    // Programs are paths, the others have names with dots.
    if (scheme == "exe" && name.starts_with('/') && name.size() > 1) {
        const std::string path = identifier(name.substr(1), '/');
        if (path.find("__") == std::string::npos)
            return "exe_" + path;
    } else if (!scheme.empty() && identifier(scheme, ':') == scheme) {
        const std::string rest = identifier(name, '.');
        if (rest.find("__") == std::string::npos && scheme != "exe")
            return std::string(scheme) + "_" + rest;
    } else if (colon == std::string_view::npos) {
        return identifier(name, '\0');
    }
    return identifier(app_id, '\0');
}

std::string label_text(std::string_view text, std::size_t most) {
    std::string made;
    for (const char c : first_bytes(text, most)) {
        const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
        if (c == '\'' || c == '"' || c == '\\' || c == '`')
            made += '_';
        else
            made += control ? ' ' : c;
    }
    while (made.ends_with(' '))
        made.pop_back();
    made.erase(0, made.find_first_not_of(' ') == std::string::npos ? 0 : made.find_first_not_of(' '));
    return made.empty() ? "_" : made;
}

} // namespace sockledger::netdata
