// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/answer.hpp"

#include <sockledger/utf8.hpp>

#include <cstring>

namespace sockledger::c_api {

void copy_text(std::string_view text, char* to, std::size_t size) {
    if (!to || size == 0)
        return;
    text = first_bytes(text, size - 1);
    std::memcpy(to, text.data(), text.size());
    to[text.size()] = '\0';
}

} // namespace sockledger::c_api
