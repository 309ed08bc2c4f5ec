// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/link_generations.hpp"

#include <algorithm>

namespace sockledger {

namespace {

bool fell(const LinkStats& before, const LinkStats& now) {
    return now.rx_bytes < before.rx_bytes || now.tx_bytes < before.tx_bytes ||
           now.rx_packets < before.rx_packets || now.tx_packets < before.tx_packets;
}

} // namespace

/// The evidence when deletions may have been missed. A driver reset lets the counters fall and a user
/// may set an address, but hardly both at once.
bool LinkGenerations::looks_the_same(const Known& known, const LinkInfo& link) {
    const bool other_kind =
        !known.kind.empty() && !link.record.kind.empty() && known.kind != link.record.kind;
    return !other_kind &&
           (known.hardware_address == link.hardware_address || !fell(known.stats, link.record.stats));
}

void LinkGenerations::assign(std::vector<LinkInfo>& links, const LinkReport& report) {
    std::vector<std::uint32_t> deleted = report.deleted;
    std::sort(deleted.begin(), deleted.end());
    std::vector<Known> next;
    next.reserve(links.size());
    auto known = known_.begin();
    for (LinkInfo& link : links) {
        const std::uint32_t ifindex = link.record.ifindex;
        while (known != known_.end() && known->ifindex < ifindex) {
            ++known;
        }
        const bool was_deleted = std::binary_search(deleted.begin(), deleted.end(), ifindex);
        const bool same = known != known_.end() && known->ifindex == ifindex && !was_deleted &&
                          (report.deleted_is_complete || looks_the_same(*known, link));
        link.record.born = same ? known->born : ++newest_;
        next.push_back(same ? std::move(*known) : Known{});
        next.back().ifindex = ifindex;
        next.back().born = link.record.born;
        next.back().kind = link.record.kind;
        next.back().hardware_address = link.hardware_address;
        next.back().stats = link.record.stats;
    }
    known_ = std::move(next);
}

void LinkGenerations::forget_kinds() {
    for (Known& known : known_) {
        known.kind.clear();
    }
}

} // namespace sockledger
