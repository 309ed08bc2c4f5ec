// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns_reader.hpp"

#include "kernel/link_dump.hpp"
#include "kernel/netns.hpp"
#include "kernel/netns_id_codec.hpp"
#include "kernel/netns_names.hpp"
#include "kernel/procfs.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <set>
#include <string>

#include <sys/socket.h>
#include <sys/stat.h>

namespace sockledger {

namespace {

constexpr unsigned group_nsid = 1U << (RTNLGRP_NSID - 1);
/// A flood that outpaces its reader must not hold it for ever.
constexpr int most_notices = 10000;

class RtnetlinkNetnsReader : public NetnsReader {
public:
    RtnetlinkNetnsReader(UniqueFd procfs, std::unique_ptr<NetlinkTransport> requests,
                         std::unique_ptr<NetlinkTransport> notices)
        : procfs_(std::move(procfs))
        , own_(current_netns())
        , requests_(std::move(requests))
        , notices_(std::move(notices)) {}

    std::vector<NetnsHandle> list() override;
    std::optional<NetnsHandle> find(std::uint32_t netns, std::uint32_t pid) override;
    Gone take_gone() override;
    Result<void> read(std::int32_t id, std::vector<LinkInfo>& links) override;
    std::string name_of(std::uint32_t netns) override {
        names_.refresh();
        return names_.name_of(netns);
    }

private:
    std::optional<std::int32_t> id_of(const UniqueFd& netns);

    UniqueFd procfs_;
    std::uint32_t own_;
    NetlinkDump requests_;
    std::unique_ptr<NetlinkTransport> notices_;
    NetnsNames names_;
    std::vector<std::byte> notice_;
    std::vector<AddressRow> addresses_;
};

std::vector<NetnsHandle> RtnetlinkNetnsReader::list() {
    std::vector<NetnsHandle> found;
    std::set<std::uint32_t> known{0, own_}; // 0: may not be seen
    names_.refresh();
    for (const auto& [netns, file] : names_.files()) {
        if (known.insert(netns).second) {
            found.push_back({netns, id_of(names_.open(netns))});
        }
    }
    for (const std::uint32_t pid : list_pids(procfs_.get())) {
        const std::uint32_t netns = netns_of(procfs_.get(), pid);
        if (known.insert(netns).second) {
            found.push_back({netns, id_of(open_netns(procfs_.get(), netns, pid))});
        }
    }
    return found;
}

std::optional<NetnsHandle> RtnetlinkNetnsReader::find(std::uint32_t netns, std::uint32_t pid) {
    UniqueFd fd = open_netns(procfs_.get(), netns, pid);
    if (!fd) {
        names_.refresh();
        fd = names_.open(netns);
    }
    if (!fd) {
        return std::nullopt;
    }
    return NetnsHandle{netns, id_of(fd)};
}

// Asking for an id beforehand would tell the same twice: who has a link to us has one already, and
// giving it another is refused.
std::optional<std::int32_t> RtnetlinkNetnsReader::id_of(const UniqueFd& netns) {
    if (!netns) {
        return std::nullopt;
    }
    std::optional<std::int32_t> id;
    (void)requests_.ask(RTM_NEWNSID, encode_new_netns_id(netns.get()), [](std::uint16_t, Bytes) {});
    (void)requests_.ask(RTM_GETNSID, encode_get_netns_id(netns.get()),
                        [&](std::uint16_t, Bytes payload) { id = decode_netns_id(payload); });
    return id;
}

NetnsReader::Gone RtnetlinkNetnsReader::take_gone() {
    Gone gone;
    for (int notice = 0; notice < most_notices; ++notice) {
        const auto size = notices_->receive(notice_);
        if (!size) {
            gone.complete &= size.error().code == EAGAIN;
            if (size.error().code != ENOBUFS) {
                return gone;
            }
            continue;
        }
        for_each_message(Bytes(notice_).first(*size), [&](const nlmsghdr& header, Bytes payload) {
            if (const auto id = decode_netns_id(payload); id && header.nlmsg_type == RTM_DELNSID) {
                gone.ids.push_back(*id);
            }
        });
    }
    return gone;
}

Result<void> RtnetlinkNetnsReader::read(std::int32_t id, std::vector<LinkInfo>& links) {
    std::uint64_t lost = 0;
    if (const auto state = dump_links(requests_, encode_get_links_of(id), links, lost); !state) {
        return state.error();
    }
    // Linux 4.20 and later; without addresses links are still worth having.
    if (dump_addresses(requests_, encode_get_addresses_of(id), addresses_)) {
        add_addresses(addresses_, links);
    }
    return {};
}

} // namespace

Result<std::unique_ptr<NetnsReader>> open_netns_reader() {
    auto procfs = open_procfs();
    if (!procfs) {
        return procfs.error();
    }
    auto requests = NetlinkSocket::open(NETLINK_ROUTE);
    if (!requests) {
        return requests.error();
    }
    // Without it an old kernel would answer with our own addresses.
    const int on = 1;
    if (::setsockopt(requests->fd(), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on) != 0) {
        return Error{"links of other network namespaces need Linux 4.20", errno};
    }
    auto notices = NetlinkSocket::subscribe(NETLINK_ROUTE, group_nsid);
    if (!notices) {
        return notices.error();
    }
    return std::unique_ptr<NetnsReader>(std::make_unique<RtnetlinkNetnsReader>(
        *std::move(procfs), std::make_unique<NetlinkSocket>(*std::move(requests)),
        std::make_unique<NetlinkSocket>(*std::move(notices))));
}

} // namespace sockledger
