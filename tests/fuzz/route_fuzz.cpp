// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/route_codec.hpp"

using namespace sockledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (decode_default_route(std::as_bytes(std::span(data, size))).size() > size) {
        __builtin_trap();
    }
    return 0;
}
