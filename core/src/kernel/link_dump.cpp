// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/link_dump.hpp"

#include "kernel/link_codec.hpp"

#include <linux/rtnetlink.h>

#include <algorithm>

namespace sockledger {

namespace {

bool by_ifindex(const LinkInfo& a, const LinkInfo& b) {
    return a.record.ifindex < b.record.ifindex;
}

bool before(const LinkInfo& link, std::uint32_t ifindex) {
    return link.record.ifindex < ifindex;
}

} // namespace

Result<NetlinkDump::State> dump_links(NetlinkDump& netlink, Bytes request, std::vector<LinkInfo>& links,
                                      std::uint64_t& lost) {
    auto state = netlink.run_until_consistent(
        RTM_GETLINK, request, [&] { links.clear(); },
        [&](std::uint16_t type, Bytes payload) {
            if (type != RTM_NEWLINK) {
                return;
            }
            if (auto link = decode_link(payload)) {
                links.push_back(std::move(*link));
            } else {
                ++lost;
            }
        });
    std::stable_sort(links.begin(), links.end(), by_ifindex);
    // An interrupted dump may have told of the same device twice.
    const auto twice = [](const LinkInfo& a, const LinkInfo& b) { return !by_ifindex(a, b); };
    links.erase(std::unique(links.begin(), links.end(), twice), links.end());
    return state;
}

Result<NetlinkDump::State> dump_addresses(NetlinkDump& netlink, Bytes request,
                                          std::vector<AddressRow>& addresses) {
    return netlink.run_until_consistent(
        RTM_GETADDR, request, [&] { addresses.clear(); },
        [&](std::uint16_t, Bytes payload) {
            if (auto row = decode_address(payload)) {
                addresses.push_back(std::move(*row));
            }
        });
}

LinkInfo* find_link(std::vector<LinkInfo>& links, std::uint32_t ifindex, std::size_t hint) {
    if (hint < links.size() && links[hint].record.ifindex == ifindex) {
        return &links[hint];
    }
    const auto found = std::lower_bound(links.begin(), links.end(), ifindex, before);
    return found != links.end() && found->record.ifindex == ifindex ? &*found : nullptr;
}

void add_addresses(const std::vector<AddressRow>& addresses, std::vector<LinkInfo>& links) {
    for (const AddressRow& row : addresses) {
        if (LinkInfo* link = find_link(links, row.ifindex)) {
            link->record.addresses.push_back(row.address);
        }
    }
}

} // namespace sockledger
