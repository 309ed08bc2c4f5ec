// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/inet_diag_codec.hpp"

#include "kernel/inet_values.hpp"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace sockledger {

namespace {

std::optional<std::uint8_t> diag_protocol(Protocol protocol) {
    switch (protocol) {
    case Protocol::Tcp:
        return IPPROTO_TCP;
    case Protocol::Udp:
        return IPPROTO_UDP;
    case Protocol::UdpLite:
        return IPPROTO_UDPLITE;
    case Protocol::Sctp:
        return IPPROTO_SCTP;
    case Protocol::Raw:
        return IPPROTO_RAW; // every raw socket, whatever it listens to
    default:
        return std::nullopt;
    }
}

template<typename T>
std::vector<std::byte> to_vector(const T& request) {
    const Bytes bytes = bytes_of(request);
    return {bytes.begin(), bytes.end()};
}

Endpoint endpoint(const inet_diag_msg& message, const __be32 (&address)[4], __be16 port, Protocol protocol) {
    // What stands in place of a raw socket's port is its protocol number.
    return endpoint_of(message.idiag_family, reinterpret_cast<const std::uint8_t*>(address),
                       protocol == Protocol::Raw ? std::uint16_t{0} : ntohs(port));
}

void apply_tcp_info(Bytes payload, SocketRecord& record) {
    // Kernels before 4.1 do not count bytes, and for a listener there are none.
    constexpr auto needed = offsetof(tcp_info, tcpi_bytes_received) + sizeof(tcp_info::tcpi_bytes_received);
    if (payload.size() < needed || record.state == SocketState::Listen) {
        return;
    }
    const auto info = read_prefix<tcp_info>(payload);
    record.has_tcp_info = true;
    record.tcp_rx_bytes = info.tcpi_bytes_received;
    record.tcp_tx_bytes = info.tcpi_bytes_acked;
    record.rtt_us = info.tcpi_rtt;
    record.retransmits = info.tcpi_total_retrans;
}

// SCTP_STATE_* of the kernel's net/sctp/constants.h, read as a TCP state.
SocketState association_state(SocketState number) {
    constexpr int established = 3;
    const auto state = static_cast<int>(number);
    if (state == 0) {
        return SocketState::Close;
    }
    return state < established ? SocketState::SynSent
                               : (state == established ? SocketState::Established : SocketState::Closing);
}

} // namespace

std::vector<InetDiagRequest> inet_diag_requests(Protocol protocol) {
    constexpr std::uint32_t every_state = ~0u;
    if (protocol == Protocol::Tcp) {
        // The elder request takes both families in one walk through the hash table of all connections,
        // which is large (half a million buckets on 8 GiB) and most of the cost.
        inet_diag_req both{};
        both.idiag_ext = 1 << (INET_DIAG_INFO - 1);
        both.idiag_states = every_state;
        return {{TCPDIAG_GETSOCK, to_vector(both)}};
    }
    const auto number = diag_protocol(protocol);
    std::vector<InetDiagRequest> requests;
    for (const auto family : {AF_INET, AF_INET6}) {
        inet_diag_req_v2 request{};
        request.sdiag_family = static_cast<std::uint8_t>(family);
        request.sdiag_protocol = number.value_or(0);
        request.idiag_states = every_state;
        if (number) {
            requests.push_back({SOCK_DIAG_BY_FAMILY, to_vector(request)});
        }
    }
    return requests;
}

std::optional<SocketRecord> parse_inet_diag(Bytes payload, Protocol protocol) {
    const auto message = read_prefix<inet_diag_msg>(payload);
    if (payload.size() < sizeof message ||
        (message.idiag_family != AF_INET && message.idiag_family != AF_INET6)) {
        return std::nullopt;
    }
    SocketRecord record;
    record.protocol = protocol;
    record.state = socket_state_of(message.idiag_state);
    record.local = endpoint(message, message.id.idiag_src, message.id.idiag_sport, protocol);
    record.remote = endpoint(message, message.id.idiag_dst, message.id.idiag_dport, protocol);
    record.cookie = std::uint64_t{message.id.idiag_cookie[1]} << 32 | message.id.idiag_cookie[0];
    record.inode = message.idiag_inode;
    record.uid = message.idiag_uid;
    for_each_attribute(attributes_of<inet_diag_msg>(payload), [&](std::uint16_t type, Bytes attribute) {
        if (type == INET_DIAG_INFO && protocol == Protocol::Tcp) {
            apply_tcp_info(attribute, record);
        }
    });
    return record;
}

void merge_associations(std::vector<SocketRecord>& sockets) {
    const auto has_peer = [](const SocketRecord& socket) { return socket.remote.port != 0; };
    std::ranges::stable_sort(sockets, {}, &SocketRecord::cookie);
    std::vector<SocketRecord> merged;
    for (auto first = sockets.begin(); first != sockets.end();) {
        const auto end =
            std::find_if(first, sockets.end(), [&](const auto& s) { return s.cookie != first->cookie; });
        // The kernel gives the socket before its associations. One with many of them has no peer itself.
        const auto chosen = std::find_if(first, end, has_peer);
        merged.push_back(chosen != end ? *chosen : *first);
        if (std::any_of(first, end, std::not_fn(has_peer)) && chosen != end) {
            merged.back().state = association_state(chosen->state);
        }
        first = end;
    }
    sockets = std::move(merged);
}

} // namespace sockledger
