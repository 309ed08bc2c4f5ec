// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/rtnetlink_links.hpp"

#include "kernel/link_dump.hpp"
#include "kernel/link_stats_codec.hpp"
#include "kernel/route_codec.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cerrno>

namespace sockledger {

namespace {

/// How often a list that changes while it is read is read again.
constexpr int rounds = 5;

/// Errors that say that this kernel, or what guards it, will never answer this request.
bool is_refusal(const Error& error) {
    return error.code == EOPNOTSUPP || error.code == EINVAL || error.code == EPERM || error.code == EACCES;
}

} // namespace

RtnetlinkLinks::RtnetlinkLinks(std::unique_ptr<NetlinkTransport> requests, std::optional<LinkMonitor> monitor,
                               int wake_fd)
    : requests_(std::move(requests)), monitor_(std::move(monitor)), wake_fd_(wake_fd) {}

Result<std::unique_ptr<LinkReader>> RtnetlinkLinks::open() {
    auto requests = NetlinkSocket::open(NETLINK_ROUTE);
    if (!requests) {
        return requests.error();
    }
    std::optional<LinkMonitor> monitor;
    int wake_fd = -1;
    if (auto notices = LinkMonitor::subscribe()) {
        wake_fd = notices->fd();
        monitor.emplace(std::make_unique<NetlinkSocket>(std::move(*notices)));
    }
    return std::unique_ptr<LinkReader>(std::make_unique<RtnetlinkLinks>(
        std::make_unique<NetlinkSocket>(std::move(*requests)), std::move(monitor), wake_fd));
}

Result<LinkReport> RtnetlinkLinks::read(std::vector<LinkInfo>& links) {
    LinkReport report;
    report.deleted_is_complete = monitor_ && known_;
    lost_ = 0;
    kept_changing_ = false;
    const std::uint64_t malformed = requests_.malformed();
    const auto done = read_until_settled(links, report);
    known_ = done.has_value();
    if (!done) {
        return done.error();
    }
    report.lost = lost_ + (requests_.malformed() - malformed);
    report.detail = detail();
    return report;
}

/// The list, the counters and what was deleted belong together when no notice came in the meantime.
Result<void> RtnetlinkLinks::read_until_settled(std::vector<LinkInfo>& links, LinkReport& report) {
    for (int round = 0; round < rounds; ++round) {
        const LinkChanges changes = changes_since(round);
        if (round > 0 && !changes.any()) {
            return {};
        }
        report.deleted.insert(report.deleted.end(), changes.deleted.begin(), changes.deleted.end());
        report.deleted_is_complete &= !changes.lost;
        bool current = false;
        if (!changes.any() && has_getstats_) {
            const auto same_links = read_counters(links);
            if (!same_links) {
                return same_links.error();
            }
            current = *same_links;
        }
        if (!current) {
            if (auto done = refresh(changes, links); !done) {
                return done;
            }
        }
    }
    kept_changing_ = true;
    return {};
}

LinkChanges RtnetlinkLinks::changes_since(int round) {
    LinkChanges changes = monitor_ ? monitor_->drain() : LinkChanges();
    if (round == 0 && (!known_ || !monitor_)) {
        changes.links = changes.addresses = changes.routes = true;
    }
    return changes;
}

Result<void> RtnetlinkLinks::refresh(const LinkChanges& changes, std::vector<LinkInfo>& links) {
    Result<void> done = read_links(links);
    if (done && changes.addresses) {
        done = read_addresses();
    }
    if (done && changes.routes) {
        done = read_default_routes();
    }
    add_addresses(addresses_, links);
    for (const std::uint32_t ifindex : default_routes_) {
        if (LinkInfo* link = find_link(links, ifindex)) {
            link->record.default_route = true;
        }
    }
    return done;
}

Result<void> RtnetlinkLinks::noted(const Result<NetlinkDump::State>& state) {
    if (!state) {
        return state.error();
    }
    kept_changing_ |= *state == NetlinkDump::State::Interrupted;
    return {};
}

Result<void> RtnetlinkLinks::read_links(std::vector<LinkInfo>& links) {
    return noted(dump_links(requests_, bytes_of(ifinfomsg{}), links, lost_));
}

Result<void> RtnetlinkLinks::read_addresses() {
    return noted(dump_addresses(requests_, bytes_of(ifaddrmsg{}), addresses_));
}

Result<void> RtnetlinkLinks::read_default_routes() {
    return noted(requests_.run_until_consistent(
        RTM_GETROUTE, bytes_of(rtmsg{}), [&] { default_routes_.clear(); },
        [&](std::uint16_t, Bytes payload) {
            const auto interfaces = decode_default_route(payload);
            default_routes_.insert(default_routes_.end(), interfaces.begin(), interfaces.end());
        }));
}

/// False: the kernel has other links than these, or did not answer.
Result<bool> RtnetlinkLinks::read_counters(std::vector<LinkInfo>& links) {
    if_stats_msg request{};
    request.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
    std::size_t found = 0;
    std::size_t rows = 0;
    const auto done = noted(requests_.run_until_consistent(
        RTM_GETSTATS, bytes_of(request), [&] { found = rows = 0; },
        [&](std::uint16_t, Bytes payload) {
            const auto row = decode_link_stats(payload);
            lost_ += !row;
            LinkInfo* link = row ? find_link(links, row->ifindex, rows) : nullptr;
            if (link) {
                link->record.stats = row->stats;
                ++found;
            }
            ++rows;
        }));
    if (!done && is_refusal(done.error())) {
        has_getstats_ = false; // Linux 4.6 and older: RTM_GETLINK has the same counters, and more
        return false;
    }
    if (!done) {
        return done.error();
    }
    return found == rows && found == links.size();
}

std::string RtnetlinkLinks::detail() const {
    std::string detail = has_getstats_
                             ? "interface counters by netlink (RTM_GETSTATS)"
                             : "interface counters by netlink (RTM_GETLINK: there is no RTM_GETSTATS here)";
    if (kept_changing_) {
        detail += "; the links kept changing while they were read";
    }
    return detail;
}

} // namespace sockledger
