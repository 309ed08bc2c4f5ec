// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/sock_diag.hpp"

#include "kernel/files.hpp"
#include "kernel/inet_diag_codec.hpp"
#include "kernel/netlink_dump.hpp"
#include "kernel/netns.hpp"
#include "kernel/proc_net_sockets.hpp"

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace sockledger {

namespace {

constexpr std::size_t table_limit = 16 << 20; // of one file of /proc/net

struct File {
    const char* path;
    Protocol protocol;
};
constexpr std::array<File, 10> files{{{"thread-self/net/tcp", Protocol::Tcp},
                                      {"thread-self/net/tcp6", Protocol::Tcp},
                                      {"thread-self/net/udp", Protocol::Udp},
                                      {"thread-self/net/udp6", Protocol::Udp},
                                      {"thread-self/net/udplite", Protocol::UdpLite},
                                      {"thread-self/net/udplite6", Protocol::UdpLite},
                                      {"thread-self/net/raw", Protocol::Raw},
                                      {"thread-self/net/raw6", Protocol::Raw},
                                      {"thread-self/net/icmp", Protocol::Icmp},
                                      {"thread-self/net/icmp6", Protocol::Icmp}}};

Result<std::unique_ptr<NetlinkTransport>> open_sock_diag() {
    auto socket = NetlinkSocket::open(NETLINK_SOCK_DIAG);
    if (!socket) {
        return socket.error();
    }
    return std::unique_ptr<NetlinkTransport>(std::make_unique<NetlinkSocket>(*std::move(socket)));
}

// The kernel was built without it, or its module is not there.
bool is_unsupported(const Error& error) {
    return error.code == ENOENT || error.code == EINVAL || error.code == EOPNOTSUPP ||
           error.code == EPROTONOSUPPORT || error.code == EAFNOSUPPORT;
}

// A security module or a sandbox says so, or there is no sock_diag at all: it will not change.
bool is_for_good(const Error& error) {
    return error.code == EACCES || error.code == EPERM || error.code == ENOSYS || is_unsupported(error);
}

} // namespace

SockDiag::SockDiag() : SockDiag(open_sock_diag) {}

SockDiag::SockDiag(Open open) : open_(std::move(open)) {}

Result<void> SockDiag::dump(NetlinkDump& netlink, Protocol protocol, const InetDiagRequest& request,
                            std::vector<SocketRecord>& sockets) {
    const auto first = sockets.size();
    const auto state = netlink.run_until_consistent(
        request.type, request.body, [&] { sockets.resize(first); },
        [&](std::uint16_t type, Bytes payload) {
            if (auto socket = type == request.type ? parse_inet_diag(payload, protocol) : std::nullopt) {
                sockets.push_back(*socket);
            } else {
                ++lost_;
            }
        });
    if (!state) {
        return state.error();
    }
    lost_ += *state == NetlinkDump::State::Interrupted;
    return {};
}

Result<void> SockDiag::read_protocol(NetlinkDump& netlink, Protocol protocol,
                                     std::vector<SocketRecord>& sockets) {
    const auto requests = inet_diag_requests(protocol);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (unsupported_.contains({protocol, i})) {
            continue;
        }
        auto done = dump(netlink, protocol, requests[i], sockets);
        if (!done && protocol != Protocol::Tcp && is_unsupported(done.error())) {
            unsupported_.emplace(protocol, i);
        } else if (!done) {
            return Error{std::string("sock_diag cannot list ") + std::string(to_string(protocol)) +
                             " sockets: " + done.error().message,
                         done.error().code};
        }
    }
    return {};
}

Result<void> SockDiag::ask(std::vector<SocketRecord>& sockets) {
    auto transport = open_();
    if (!transport) {
        return transport.error();
    }
    NetlinkDump netlink(*std::move(transport));
    for (const auto protocol : {Protocol::Tcp, Protocol::Udp, Protocol::UdpLite, Protocol::Raw}) {
        if (auto done = read_protocol(netlink, protocol, sockets); !done) {
            return done;
        }
    }
    std::vector<SocketRecord> associations;
    if (auto done = read_protocol(netlink, Protocol::Sctp, associations); !done) {
        return done;
    }
    merge_associations(associations);
    std::ranges::move(associations, std::back_inserter(sockets));
    lost_ += netlink.malformed();
    return {};
}

bool SockDiag::needs_file(Protocol protocol) const {
    return refusal_ || protocol == Protocol::Icmp ||
           (protocol == Protocol::Raw && unsupported_.contains({Protocol::Raw, 0}));
}

bool SockDiag::read_files(int procfs, std::vector<SocketRecord>& sockets) {
    bool any = false;
    for (const File& file : files) {
        if (!needs_file(file.protocol)) {
            continue;
        }
        // No such file: no such protocol here, as IPv6 on a machine without it.
        if (const auto text = read_file(procfs, file.path, table_limit)) {
            lost_ += parse_proc_net_sockets(*text, file.protocol, sockets);
            any = true;
        }
    }
    return any;
}

Result<void> SockDiag::read_here(int procfs, std::uint32_t netns, std::vector<SocketRecord>& sockets) {
    const auto first = sockets.size();
    if (!refusal_) {
        auto done = ask(sockets);
        if (!done && (answered_ || !is_for_good(done.error()))) {
            return done;
        }
        answered_ = done.has_value();
        if (!done) {
            sockets.resize(first);
            refusal_ = done.error();
        }
    }
    if (!read_files(procfs, sockets) && refusal_) {
        return *refusal_;
    }
    for (auto& record : std::span(sockets).subspan(first)) {
        record.netns = netns;
    }
    return {};
}

Result<std::vector<SocketRecord>> SockDiag::read(int procfs) {
    std::vector<SocketRecord> sockets;
    const auto own = current_netns();
    if (auto done = read_here(procfs, own, sockets); !done) {
        return done.error();
    }
    closed_namespaces_ = visit_other_namespaces(
        procfs, own, [&](std::uint32_t netns) { return read_here(procfs, netns, sockets).has_value(); });
    return sockets;
}

} // namespace sockledger
