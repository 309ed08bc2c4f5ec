// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace sockledger {

class NetlinkDump;
class NetlinkTransport;
struct InetDiagRequest;

/// Lists sockets by NETLINK_SOCK_DIAG, without their holders; those that it does not know (ping, and
/// raw on kernels without INET_RAW_DIAG) by /proc/net. Where sock_diag is denied from the beginning all
/// are listed by /proc/net, for good: there they have no cookie and no tcp_info, and a table of one kind
/// in the middle of others would look like new sockets. Threads: one at a time.
class SockDiag {
public:
    using Open = std::function<Result<std::unique_ptr<NetlinkTransport>>()>;

    SockDiag();
    /// With another kernel to talk to.
    explicit SockDiag(Open open);

    /// The sockets of every protocol in the caller's network namespace and in those of other processes
    /// that it may enter. Fails when not even the caller's sockets can be listed.
    Result<std::vector<SocketRecord>> read(int procfs);

    /// Why /proc/net stands in for sock_diag; nullptr when it does not.
    const Error* refusal() const { return refusal_ ? &*refusal_ : nullptr; }

    /// Answers that could not be read, and tables that changed in every attempt to read them, since
    /// construction.
    std::uint64_t lost() const { return lost_; }
    /// Namespaces of processes that could not be entered, at the last read.
    std::size_t closed_namespaces() const { return closed_namespaces_; }

private:
    Result<void> read_here(int procfs, std::uint32_t netns, std::vector<SocketRecord>& sockets);
    Result<void> ask(std::vector<SocketRecord>& sockets);
    bool needs_file(Protocol protocol) const;
    bool read_files(int procfs, std::vector<SocketRecord>& sockets);
    Result<void> read_protocol(NetlinkDump& netlink, Protocol protocol, std::vector<SocketRecord>& sockets);
    Result<void> dump(NetlinkDump& netlink, Protocol protocol, const InetDiagRequest& request,
                      std::vector<SocketRecord>& sockets);

    Open open_;
    /// Requests that the kernel refused, by place in inet_diag_requests(): it would look for the module
    /// again.
    std::set<std::pair<Protocol, std::size_t>> unsupported_;
    std::optional<Error> refusal_;
    bool answered_ = false; ///< sock_diag has worked once
    std::uint64_t lost_ = 0;
    std::size_t closed_namespaces_ = 0;
};

} // namespace sockledger
