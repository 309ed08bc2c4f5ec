// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/link_stats_codec.hpp"

using namespace sockledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes = std::as_bytes(std::span(data, size));
    decode_link_stats64(bytes);
    const auto row = decode_link_stats(bytes);
    if (row && row->ifindex == 0) {
        __builtin_trap();
    }
    return 0;
}
