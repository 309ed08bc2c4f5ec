// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/cgroup2_mount.hpp"
#include "kernel/socket_row_codec.hpp"

#include <cstdlib>

using namespace sockledger;

/// The socket table as the iterator hands it over, cut anywhere; and mountinfo, which is any text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<SocketRecord> sockets;
    std::size_t taken = decode_socket_rows(std::as_bytes(std::span(data, size)), sockets);
    if (taken > size)
        std::abort();
    find_cgroup2_mount(std::string_view(reinterpret_cast<const char*>(data), size));
    return 0;
}
