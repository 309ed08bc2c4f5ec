// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <langinfo.h>
#include <wchar.h>

namespace sockledger::cli {

namespace {

constexpr Glyphs unicode{"–", "…", "≥", "~", "↓", "↑", "↓", "↑", "▼", "▲", "▲", "▼", "·", "█", "▏▎▍▌▋▊▉"};
constexpr Glyphs ascii{"-", "~", ">", "~", "down", "up", "rx", "tx", "*", "^", "!", "-", "-", "#", ""};

struct Character {
    std::size_t bytes = 1;
    wchar_t code = L'\0';
    bool valid = false;
};

// By hand and not mbrtowc(), which needs the locale to be UTF-8 just to find where a character ends.
Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return {1, static_cast<wchar_t>(lead), true};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (length == 0 || lead > 0xf4 || text.size() < length)
        return {};
    unsigned code = lead & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0u) != 0x80)
            return {};
        code = code << 6 | (byte(i) & 0x3fu);
    }
    return {length, static_cast<wchar_t>(code), true};
}

// -1 for what a terminal would not show as one thing in its place.
int columns_of(const Character& character) {
    const auto code = static_cast<unsigned>(character.code);
    const bool reorders = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                          code == 0x200e || code == 0x200f || code == 0x061c;
    if (!character.valid || reorders || code == 0)
        return -1;
    return wcwidth(character.code);
}

} // namespace

const Glyphs& glyphs(bool utf8) {
    return utf8 ? unicode : ascii;
}

bool locale_is_utf8() {
    return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

std::string displayable(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const Character character = first_character(text);
        if (columns_of(character) < 0)
            shown += '?';
        else
            shown += text.substr(0, character.bytes);
        text.remove_prefix(character.bytes);
    }
    return shown;
}

std::string folded(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return small;
}

int text_width(std::string_view text) {
    int width = 0;
    while (!text.empty()) {
        const Character character = first_character(text);
        const int columns = columns_of(character);
        width += columns < 0 ? 1 : columns;
        text.remove_prefix(character.bytes);
    }
    return width;
}

std::string fit(std::string_view text, int width, Align align, const Glyphs& signs) {
    if (width <= 0)
        return {};
    std::string shown = displayable(text);
    int columns = text_width(shown);
    if (columns > width) {
        const int room = width - text_width(signs.cut);
        std::size_t end = 0;
        columns = 0;
        while (end < shown.size()) {
            const Character character = first_character(std::string_view(shown).substr(end));
            const int more = columns_of(character);
            if (columns + more > room)
                break;
            columns += more;
            end += character.bytes;
        }
        shown.resize(end);
        shown += signs.cut;
        columns += text_width(signs.cut);
    }
    const std::string padding(static_cast<std::size_t>(std::max(0, width - columns)), ' ');
    return align == Align::Right ? padding + shown : shown + padding;
}

std::vector<std::string> wrapped(std::string_view text, int width) {
    std::vector<std::string> lines;
    std::string line;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (!line.empty() && text_width(line) + 1 + text_width(word) > width) {
            lines.push_back(line);
            line.clear();
        }
        line.append(line.empty() ? "" : " ").append(word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!line.empty())
        lines.push_back(line);
    return lines;
}

std::string bar(double share, int width, const Glyphs& signs) {
    constexpr std::size_t bytes_of_eighth = 3;
    const int parts = signs.eighths.empty() ? 1 : 8;
    if (!(share > 0) || width <= 0)
        return {};
    const double columns = std::min(share, 1.0) * width * parts;
    const int filled = std::max(1, static_cast<int>(std::lround(columns)));
    std::string text;
    for (int i = 0; i < filled / parts; ++i)
        text += signs.bar;
    if (const auto rest = static_cast<std::size_t>(filled % parts); rest != 0)
        text += signs.eighths.substr((rest - 1) * bytes_of_eighth, bytes_of_eighth);
    return text;
}

} // namespace sockledger::cli
