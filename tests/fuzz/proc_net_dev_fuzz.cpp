// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_net_codec.hpp"

using namespace sockledger;

/// /proc/net/dev, and the tables of routes beside it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const ProcNetDev::Row& row : decode_proc_net_dev(text).rows) {
        if (row.name.empty() || row.name.find('/') != std::string::npos) {
            __builtin_trap(); // it becomes a path in sysfs
        }
    }
    decode_proc_net_route(text);
    decode_proc_net_ipv6_route(text);
    return 0;
}
