// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstddef>
#include <string_view>

namespace sockledger {

/// Whether a byte is within a character of UTF-8, not at its beginning. Threads: any.
constexpr bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// As much of the beginning of a text as fits into `most` bytes without a part of a character. Threads: any.
constexpr std::string_view first_bytes(std::string_view text, std::size_t most) {
    if (text.size() <= most)
        return text;
    while (most > 0 && continues_character(text[most]))
        --most;
    return text.substr(0, most);
}

} // namespace sockledger
