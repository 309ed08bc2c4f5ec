// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netlink_message.hpp"

using namespace sockledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::size_t visited = 0;
    for_each_message(std::as_bytes(std::span(data, size)), [&](const nlmsghdr&, Bytes payload) {
        for_each_attribute(payload, [&](std::uint16_t, Bytes value) { visited += text_of(value).size(); });
    });
    if (visited > size) {
        __builtin_trap(); // attributes never overlap
    }
    return 0;
}
