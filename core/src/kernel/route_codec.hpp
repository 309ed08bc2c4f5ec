// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_message.hpp"

#include <cstdint>
#include <vector>

namespace sockledger {

/// The interfaces of an RTM_NEWROUTE when that is a default route of the main table (0/0 or ::/0,
/// unicast), with those of its next hops that are not dead; else nothing. Threads: any.
std::vector<std::uint32_t> decode_default_route(Bytes payload);

} // namespace sockledger
