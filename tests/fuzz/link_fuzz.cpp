// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/link_codec.hpp"
#include "kernel/link_monitor.hpp"

using namespace sockledger;

/// The payload of RTM_NEWLINK and RTM_DELLINK, and a datagram of notices.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes = std::as_bytes(std::span(data, size));
    const auto link = decode_link(bytes);
    if (link && (link->record.ifindex == 0 || link->record.name.empty())) {
        __builtin_trap();
    }
    decode_link_notice(16, bytes); // RTM_NEWLINK
    decode_link_notice(17, bytes); // RTM_DELLINK
    LinkChanges changes;
    add_link_notices(bytes, changes);
    return 0;
}
