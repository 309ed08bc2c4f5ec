// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_socket.hpp"

#include <cstdint>
#include <vector>

namespace sockledger {

/// What has to be read again.
struct LinkChanges {
    bool links = false;
    bool addresses = false;
    bool routes = false;
    bool lost = false; ///< ENOBUFS: the kernel had more to say than fits, anything may have changed
    std::vector<std::uint32_t> deleted; ///< devices that are gone for good

    bool any() const { return links || addresses || routes; }
    /// Everything is to be read, and deletions may have been missed.
    static LinkChanges unknown() { return {true, true, true, true, {}}; }
};

/// Adds what the notices in one datagram mean. Threads: any.
void add_link_notices(Bytes datagram, LinkChanges& changes);

/// Hears of changes of links, addresses and routes.
class LinkMonitor {
public:
    explicit LinkMonitor(std::unique_ptr<NetlinkTransport> transport);

    /// What happened since the call before.
    LinkChanges drain();

    /// The socket of a live monitor, its filter set: of the routes only default routes wake anybody.
    static Result<NetlinkSocket> subscribe();

private:
    std::unique_ptr<NetlinkTransport> transport_;
    std::vector<std::byte> buffer_;
};

} // namespace sockledger
