// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/address_codec.hpp"
#include "kernel/link_monitor.hpp"
#include "kernel/link_reader.hpp"
#include "kernel/netlink_dump.hpp"

#include <optional>

namespace sockledger {

/// Reads links by rtnetlink: the counters (RTM_GETSTATS) every time, and all that rarely changes only
/// when the kernel gave notice of a change.
class RtnetlinkLinks : public LinkReader {
public:
    /// Without a monitor everything is read every time.
    RtnetlinkLinks(std::unique_ptr<NetlinkTransport> requests, std::optional<LinkMonitor> monitor,
                   int wake_fd);

    /// Of the namespace that the calling thread is in now, whatever it enters later.
    static Result<std::unique_ptr<LinkReader>> open();

    Result<LinkReport> read(std::vector<LinkInfo>& links) override;
    int wake_fd() const override { return wake_fd_; }

private:
    Result<void> read_until_settled(std::vector<LinkInfo>& links, LinkReport& report);
    LinkChanges changes_since(int round);
    Result<void> refresh(const LinkChanges& changes, std::vector<LinkInfo>& links);
    Result<void> read_links(std::vector<LinkInfo>& links);
    Result<void> read_addresses();
    Result<void> read_default_routes();
    Result<bool> read_counters(std::vector<LinkInfo>& links);
    Result<void> noted(const Result<NetlinkDump::State>& state);
    std::string detail() const;

    NetlinkDump requests_;
    std::optional<LinkMonitor> monitor_;
    int wake_fd_;
    bool has_getstats_ = true;
    bool known_ = false;         ///< links, addresses and routes are as of the last notice
    bool kept_changing_ = false; ///< in this read
    std::uint64_t lost_ = 0;     ///< in this read
    std::vector<AddressRow> addresses_;
    std::vector<std::uint32_t> default_routes_;
};

} // namespace sockledger
