// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/text.hpp"

#include <sockledger/utf8.hpp>

#include <algorithm>
#include <cstddef>

namespace sockledger {

namespace {

// Length of the printable character at the start of `bytes`; 0 when its first byte has to be escaped.
std::size_t printable_length(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80) {
        return lead >= 0x20 && lead != 0x7f ? 1 : 0;
    }
    std::size_t length = 0;
    unsigned code = 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
        code = lead & 0x1fu;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        code = lead & 0x0fu;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        code = lead & 0x07u;
    }
    if (length == 0 || bytes.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues_character(bytes[i])) {
            return 0;
        }
        code = code << 6 | (at(i) & 0x3fu);
    }
    const bool c1 = code < 0xa0;
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return c1 || overlong || surrogate || code > 0x10ffff ? 0 : length;
}

} // namespace

std::string printable(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    // Nearly every name is plain ASCII: one pass and one copy.
    if (std::ranges::all_of(bytes, [](char c) { return c >= 0x20 && c < 0x7f; })) {
        return std::string(bytes);
    }
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        std::size_t length = printable_length(bytes);
        if (length == 0) {
            const auto byte = static_cast<unsigned char>(bytes.front());
            text += {'\\', 'x', digits[byte >> 4], digits[byte & 0xf]};
            length = 1;
        } else {
            text += bytes.substr(0, length);
        }
        bytes.remove_prefix(length);
    }
    return text;
}

} // namespace sockledger
