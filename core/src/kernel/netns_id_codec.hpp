// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_message.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// The ids that a network namespace has for others (NETNSA_NSID), and requests about those others.
/// An id neither keeps a namespace alive nor outlives it. Threads: any.
namespace sockledger {

/// Body of RTM_NEWNSID: gives the namespace of the descriptor any free id.
std::vector<std::byte> encode_new_netns_id(int netns_fd);
/// Body of RTM_GETNSID.
std::vector<std::byte> encode_get_netns_id(int netns_fd);
/// The id in RTM_NEWNSID or RTM_DELNSID; nothing when there is none.
std::optional<std::int32_t> decode_netns_id(Bytes payload);

/// Bodies of dumps of RTM_GETLINK and RTM_GETADDR in the namespace of this id.
std::vector<std::byte> encode_get_links_of(std::int32_t netns_id);
std::vector<std::byte> encode_get_addresses_of(std::int32_t netns_id);

} // namespace sockledger
