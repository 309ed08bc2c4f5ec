// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <string>
#include <vector>

namespace sockledger {

/// A link, and what tells it from another device that got its index. `record.born` is not set here.
struct LinkInfo {
    LinkRecord record;
    std::string hardware_address; ///< IFLA_ADDRESS, raw bytes
};

/// How a read of the links went.
struct LinkReport {
    std::string detail; ///< how the links are read, one sentence
    /// Devices that were deleted since the read before; their index may be another device's now.
    std::vector<std::uint32_t> deleted;
    bool deleted_is_complete = false; ///< notices of deletions are received, and none was lost
    std::uint64_t lost = 0;           ///< records that could not be understood
};

/// One way to read every link of a network namespace.
class LinkReader {
public:
    virtual ~LinkReader() = default;

    /// Brings `links`, this reader's own answer of the read before or empty, up to date: sorted by
    /// ifindex. On failure `links` is in any state and the Error says why.
    virtual Result<LinkReport> read(std::vector<LinkInfo>& links) = 0;

    /// Polls readable when links, addresses or default routes changed; -1 if this reader cannot tell.
    virtual int wake_fd() const { return -1; }
};

} // namespace sockledger
