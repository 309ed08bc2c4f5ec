// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/source.hpp"

namespace sockledger {

/// Every link of the network namespace that the calling thread is in now: by netlink, or by /proc
/// and sysfs where netlink is denied. Fills Readings::links, sorted by ifindex.
std::unique_ptr<Source> make_links_source();

/// What a link is made of, from its kind, and from its hardware type when it has none.
InterfaceKind interface_kind(const LinkRecord& link);

/// Bytes that a device counts for each packet beyond its network-layer length. Many count a frame at
/// one point of its way when they send and at another when they receive.
struct LinkHeaders {
    std::uint32_t rx_bytes = 0;
    std::uint32_t tx_bytes = 0;
    bool operator==(const LinkHeaders&) const = default;
};
LinkHeaders link_headers(const LinkRecord& link);

/// The same for a packet that is sent.
std::uint32_t link_header_bytes(const LinkRecord& link);

} // namespace sockledger
