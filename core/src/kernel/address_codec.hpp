// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_message.hpp"

#include <sockledger/snapshot.hpp>

#include <optional>

namespace sockledger {

struct AddressRow {
    std::uint32_t ifindex = 0;
    InterfaceAddress address;
};

/// RTM_NEWADDR: the address of this end (IFA_LOCAL, else IFA_ADDRESS). Nothing when there is none,
/// or one of another family than IPv4 and IPv6. Threads: any.
std::optional<AddressRow> decode_address(Bytes payload);

} // namespace sockledger
