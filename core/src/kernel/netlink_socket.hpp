// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_message.hpp"

#include <sockledger/result.hpp>

#include <memory>
#include <vector>

struct mnl_socket;

namespace sockledger {

/// Where netlink datagrams come from and go to: the kernel, or a test.
class NetlinkTransport {
public:
    virtual ~NetlinkTransport() = default;

    virtual Result<void> send(Bytes message) = 0;

    /// Puts the next whole datagram of the kernel into `buffer`, which grows when it is too small, and
    /// returns its size. Error::code EAGAIN: there is none (now, or within the time limit).
    virtual Result<std::size_t> receive(std::vector<std::byte>& buffer) = 0;
};

/// A netlink socket of the network namespace that the opening thread was in.
class NetlinkSocket : public NetlinkTransport {
public:
    /// For requests: receive() waits for the answer, at most two seconds.
    static Result<NetlinkSocket> open(int protocol);
    /// For notices of the multicast groups in `groups` (RTMGRP_*): receive() does not wait.
    static Result<NetlinkSocket> subscribe(int protocol, unsigned groups);

    Result<void> send(Bytes message) override;
    Result<std::size_t> receive(std::vector<std::byte>& buffer) override;
    int fd() const;

private:
    struct Close {
        void operator()(mnl_socket* socket) const;
    };
    using Handle = std::unique_ptr<mnl_socket, Close>;

    explicit NetlinkSocket(Handle socket);
    static Result<NetlinkSocket> open(int protocol, int flags, unsigned groups);

    Handle socket_;
};

} // namespace sockledger
