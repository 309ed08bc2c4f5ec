// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/address_codec.hpp"
#include "kernel/link_reader.hpp"
#include "kernel/netlink_dump.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// The tables of links and addresses, of whichever namespace the request is about. Threads: any.
namespace sockledger {

/// RTM_GETLINK: each device once, sorted by ifindex. Adds to `lost` what is no link.
Result<NetlinkDump::State> dump_links(NetlinkDump& netlink, Bytes request, std::vector<LinkInfo>& links,
                                      std::uint64_t& lost);
/// RTM_GETADDR.
Result<NetlinkDump::State> dump_addresses(NetlinkDump& netlink, Bytes request,
                                          std::vector<AddressRow>& addresses);

/// `links` is sorted. `hint` is where it probably is: dumps come in the same order.
LinkInfo* find_link(std::vector<LinkInfo>& links, std::uint32_t ifindex, std::size_t hint = 0);
/// Gives each address to its link.
void add_addresses(const std::vector<AddressRow>& addresses, std::vector<LinkInfo>& links);

} // namespace sockledger
