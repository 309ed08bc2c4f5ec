// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "settings_file.hpp"

#include <algorithm>
#include <utility>

namespace sockledger::netdata {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\v\f";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

} // namespace

SettingsFile parse_settings_file(std::string name, std::string_view text) {
    SettingsFile file;
    file.name = std::move(name);
    const auto problem = [&](std::size_t line, std::string_view what) {
        file.problems.push_back(file.name + ":" + std::to_string(line) + ": " + std::string(what));
    };
    std::string section;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.front() == '#')
            continue;
        if (line.find('\0') != std::string_view::npos) {
            problem(number, "a NUL byte");
        } else if (line.front() == '[') {
            if (line.size() < 3 || line.back() != ']')
                problem(number, "expected [section]");
            else
                section = trimmed(line.substr(1, line.size() - 2));
        } else if (const auto equals = line.find('='); equals == std::string_view::npos) {
            problem(number, "expected 'name = value'");
        } else if (const auto key = trimmed(line.substr(0, equals)); key.empty()) {
            problem(number, "a value without a name");
        } else {
            file.lines.push_back(
                {section, std::string(key), std::string(trimmed(line.substr(equals + 1))), number});
        }
    }
    return file;
}

} // namespace sockledger::netdata
