// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/answer.hpp"

#include <cstring>

namespace sockledger::c_api {

void copy_text(std::string_view text, char* to, std::size_t size) {
    if (!to || size == 0)
        return;
    if (text.size() >= size) {
        std::size_t end = size - 1;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end;
        text = text.substr(0, end);
    }
    std::memcpy(to, text.data(), text.size());
    to[text.size()] = '\0';
}

} // namespace sockledger::c_api
