// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sockledger {

/// Appends the sockets of /proc/net/raw, raw6, icmp or icmp6 to `sockets`, for which sock_diag is not
/// everywhere, if anywhere. They have no cookie there. Returns how many lines could not be read.
/// Threads: any.
std::uint64_t parse_proc_net_sockets(std::string_view text, Protocol protocol,
                                     std::vector<SocketRecord>& sockets);

} // namespace sockledger
