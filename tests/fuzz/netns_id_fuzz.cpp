// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns_id_codec.hpp"

using namespace sockledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto id = decode_netns_id(std::as_bytes(std::span(data, size)));
    if (id && *id < 0) {
        __builtin_trap();
    }
    return 0;
}
