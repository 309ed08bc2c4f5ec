// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/link_reader.hpp"
#include "kernel/netlink_message.hpp"

#include <optional>

/// struct ifinfomsg and its attributes (RTM_NEWLINK, RTM_DELLINK). Threads: any.
namespace sockledger {

/// A link as RTM_GETLINK describes it, without addresses and routes. Nothing when the payload has no
/// index or no name, or belongs to another family (AF_BRIDGE speaks of ports).
std::optional<LinkInfo> decode_link(Bytes payload);

struct LinkNotice {
    bool about_device = false;         ///< not about a bridge port
    std::uint32_t deleted_ifindex = 0; ///< RTM_DELLINK of a device that no longer exists anywhere
};

/// What an RTM_NEWLINK or RTM_DELLINK notice means.
LinkNotice decode_link_notice(std::uint16_t type, Bytes payload);

} // namespace sockledger
