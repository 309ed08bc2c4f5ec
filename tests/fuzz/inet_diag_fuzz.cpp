// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/inet_diag_codec.hpp"
#include "kernel/proc_net_sockets.hpp"

using namespace sockledger;

// One byte chooses the protocol, the rest is an answer of sock_diag and a file of /proc/net.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto protocol = static_cast<Protocol>(data[0] % (static_cast<int>(Protocol::Other) + 1));
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    std::vector<SocketRecord> sockets;
    for_each_message(bytes, [&](const nlmsghdr&, Bytes payload) {
        if (auto socket = parse_inet_diag(payload, protocol)) {
            sockets.push_back(*socket);
        }
    });
    if (auto socket = parse_inet_diag(bytes, protocol)) {
        sockets.push_back(*socket);
    }
    parse_proc_net_sockets({reinterpret_cast<const char*>(data + 1), size - 1}, protocol, sockets);
    const auto before = sockets.size();
    merge_associations(sockets);
    if (sockets.size() > before) {
        __builtin_trap();
    }
    for (const auto& socket : sockets) {
        if (socket.state > SocketState::NewSynRecv) {
            __builtin_trap(); // a number that is no state
        }
    }
    return 0;
}
