// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/link_reader.hpp"

#include <sockledger/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

/// Another network namespace. `id` is what our own calls it; none when it may not be read.
struct NetnsHandle {
    std::uint32_t netns = 0; ///< inode number of /proc/PID/ns/net
    std::optional<std::int32_t> id;
    bool operator==(const NetnsHandle&) const = default;
};

/// Finds other network namespaces and reads their links, without entering them and without keeping
/// any of them alive. Takes CAP_NET_ADMIN, and CAP_SYS_PTRACE for other users' processes.
class NetnsReader {
public:
    virtual ~NetnsReader() = default;

    /// Those that a process lives in or that `ip netns` has named. Looks at every process.
    virtual std::vector<NetnsHandle> list() = 0;
    /// One of them, by a process that may live there, else by its name; nothing when it is not found.
    virtual std::optional<NetnsHandle> find(std::uint32_t netns, std::uint32_t pid) = 0;

    struct Gone {
        std::vector<std::int32_t> ids; ///< their namespaces have ended, and they may be given again
        bool complete = true;          ///< false: there may be more, and no id can be relied on
    };
    /// What has ended since the call before.
    virtual Gone take_gone() = 0;

    /// Links and addresses, sorted by ifindex; default routes are not told.
    virtual Result<void> read(std::int32_t id, std::vector<LinkInfo>& links) = 0;

    /// What `ip netns` calls it, else empty.
    virtual std::string name_of(std::uint32_t netns) = 0;
};

/// Of the namespace that the calling thread is in now.
Result<std::unique_ptr<NetnsReader>> open_netns_reader();

} // namespace sockledger
