// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/address_codec.hpp"

#include <arpa/inet.h>
#include <linux/if_addr.h>

namespace sockledger {

namespace {

std::string text_of_address(int family, Bytes bytes) {
    const std::size_t length = family == AF_INET ? 4 : 16;
    char text[INET6_ADDRSTRLEN] = "";
    if (bytes.size() >= length && (family == AF_INET || family == AF_INET6)) {
        ::inet_ntop(family, bytes.data(), text, sizeof text);
    }
    return text;
}

} // namespace

std::optional<AddressRow> decode_address(Bytes payload) {
    const auto header = read_prefix<ifaddrmsg>(payload);
    if (payload.size() < sizeof header || header.ifa_index == 0) {
        return std::nullopt;
    }
    Bytes local;
    Bytes remote;
    for_each_attribute(attributes_of<ifaddrmsg>(payload), [&](std::uint16_t type, Bytes value) {
        if (type == IFA_LOCAL) {
            local = value;
        } else if (type == IFA_ADDRESS) {
            remote = value; // of the other end, on a point-to-point link
        }
    });
    AddressRow row{
        header.ifa_index,
        {text_of_address(header.ifa_family, local.empty() ? remote : local), header.ifa_prefixlen}};
    if (row.address.address.empty()) {
        return std::nullopt;
    }
    return row;
}

} // namespace sockledger
