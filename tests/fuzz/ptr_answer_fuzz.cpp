// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names/ptr_codec.hpp"

using namespace sockledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto answer = parse_ptr_answer(std::as_bytes(std::span(data, size)));
    if (answer && answer->name.empty()) {
        __builtin_trap();
    }
    return 0;
}
