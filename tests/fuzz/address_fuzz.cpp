// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/address_codec.hpp"

using namespace sockledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto row = decode_address(std::as_bytes(std::span(data, size)));
    if (row && (row->ifindex == 0 || row->address.address.empty())) {
        __builtin_trap();
    }
    return 0;
}
