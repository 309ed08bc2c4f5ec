// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_socket.hpp"

#include <functional>

namespace sockledger {

/// Asks the kernel for tables and walks the answers. Answers to earlier requests are left out.
class NetlinkDump {
public:
    enum class State {
        Consistent,
        Interrupted, ///< NLM_F_DUMP_INTR: the table changed while it was read, entries may be missing
    };
    using Visit = std::function<void(std::uint16_t type, Bytes payload)>;

    explicit NetlinkDump(std::unique_ptr<NetlinkTransport> transport);

    /// One dump request of message `type` with its family header. Error::code is the kernel's errno.
    Result<State> run(std::uint16_t type, Bytes request, const Visit& visit);

    /// As run(), again until the answer is consistent, at most five times; `start` comes before each.
    Result<State> run_until_consistent(std::uint16_t type, Bytes request, const std::function<void()>& start,
                                       const Visit& visit);

    /// One request that is no dump: the answers until the kernel says that it is done, or refuses.
    Result<void> ask(std::uint16_t type, Bytes request, const Visit& visit);

    /// Datagrams that ended in something that is no netlink message, since construction.
    std::uint64_t malformed() const { return malformed_; }

private:
    Result<void> send(std::uint16_t type, std::uint16_t flags, Bytes request);
    Result<State> receive_until_done(const Visit& visit);

    std::unique_ptr<NetlinkTransport> transport_;
    std::vector<std::byte> buffer_;
    std::uint32_t sequence_ = 0;
    std::uint64_t malformed_ = 0;
};

} // namespace sockledger
