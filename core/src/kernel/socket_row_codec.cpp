// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/socket_row_codec.hpp"

#include "kernel/bpf/records.h"
#include "kernel/inet_values.hpp"
#include "kernel/text.hpp"

#include <cstring>
#include <string_view>

namespace sockledger {

namespace {

SocketRecord decode(const socket_row& row) {
    SocketRecord record;
    record.process = {row.pid, row.start_ticks};
    record.fd = row.fd;
    record.netns = row.netns;
    record.cookie = row.cookie;
    record.inode = row.inode;
    record.protocol = protocol_of(row.protocol, row.type);
    record.state = socket_state_of(row.state);
    record.local = endpoint_of(row.family, row.local_address, row.local_port);
    record.remote = endpoint_of(row.family, row.remote_address, row.remote_port);
    record.uid = row.uid;
    record.wire_counted = row.has_record != 0;
    if (record.wire_counted) {
        record.owner = decode_owner(row.owner);
        record.wire_rx_bytes = row.rx_bytes;
        record.wire_tx_bytes = row.tx_bytes;
    }
    record.has_tcp_info = row.has_tcp != 0;
    if (record.has_tcp_info) {
        record.tcp_rx_bytes = row.tcp_rx_bytes;
        record.tcp_tx_bytes = row.tcp_tx_bytes;
        record.rtt_us = row.rtt_us;
        record.retransmits = row.retransmits;
    }
    return record;
}

} // namespace

ProcessId decode_owner(std::uint64_t owner) {
    if (owner == OWNER_NONE || owner == OWNER_KERNEL)
        return {};
    return {static_cast<std::uint32_t>(owner & OWNER_PID_MASK), owner >> OWNER_PID_BITS};
}

std::string decode_exe(const process_identity& identity) {
    std::string path;
    for (std::size_t step = EXE_DEPTH; identity.exe_whole != 0 && step-- > 0;) {
        std::string_view part(identity.exe[step], strnlen(identity.exe[step], EXE_NAME));
        if (part.size() == EXE_NAME - 1)
            return {}; // cut off
        if (!part.empty())
            path += '/' + printable(part);
    }
    return path;
}

std::size_t decode_socket_rows(std::span<const std::byte> bytes, std::vector<SocketRecord>& sockets) {
    std::size_t rows = bytes.size() / sizeof(socket_row);
    for (std::size_t i = 0; i < rows; ++i) {
        socket_row row;
        std::memcpy(&row, bytes.data() + i * sizeof(row), sizeof(row));
        sockets.push_back(decode(row));
    }
    return rows * sizeof(socket_row);
}

} // namespace sockledger
