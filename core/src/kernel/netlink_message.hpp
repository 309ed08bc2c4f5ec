// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <linux/netlink.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

/// Walks netlink bytes without ever leaving them, at any alignment. libmnl 1.0.4 does not: its
/// mnl_nlmsg_ok() takes a length of 2^31 or more for a negative one and lets it pass.
/// Threads: any.
namespace sockledger {

using Bytes = std::span<const std::byte>;

/// The first bytes of `bytes` as a T; what a shorter one (an older kernel's struct) lacks is zero.
template<typename T>
T read_prefix(Bytes bytes) {
    T value{};
    if (!bytes.empty()) {
        std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof(T)));
    }
    return value;
}

template<typename T>
Bytes bytes_of(const T& value) {
    return std::as_bytes(std::span<const T, 1>(&value, 1));
}

/// A NUL-terminated string attribute: the bytes before the first NUL.
inline std::string_view text_of(Bytes payload) {
    const auto* text = reinterpret_cast<const char*>(payload.data());
    return {text, payload.empty() ? 0 : ::strnlen(text, payload.size())};
}

/// Number of bytes to the next 4-byte boundary of an item of `length` bytes, at most `available`.
inline std::size_t netlink_stride(std::size_t length, std::size_t available) {
    return std::min((length + 3) & ~std::size_t{3}, available);
}

/// Calls `visit(const nlmsghdr&, Bytes payload)` for each message of a datagram. False: the rest is
/// no message.
template<typename Visit>
bool for_each_message(Bytes datagram, Visit visit) {
    while (!datagram.empty()) {
        const auto header = read_prefix<nlmsghdr>(datagram);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > datagram.size()) {
            return false;
        }
        visit(header, datagram.subspan(sizeof header, header.nlmsg_len - sizeof header));
        datagram = datagram.subspan(netlink_stride(header.nlmsg_len, datagram.size()));
    }
    return true;
}

/// Calls `visit(std::uint16_t type, Bytes payload)` for each attribute. False: the rest is no attribute.
template<typename Visit>
bool for_each_attribute(Bytes attributes, Visit visit) {
    while (!attributes.empty()) {
        const auto header = read_prefix<nlattr>(attributes);
        if (header.nla_len < sizeof header || header.nla_len > attributes.size()) {
            return false;
        }
        visit(static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK),
              attributes.subspan(sizeof header, header.nla_len - sizeof header));
        attributes = attributes.subspan(netlink_stride(header.nla_len, attributes.size()));
    }
    return true;
}

/// The attributes behind the family header T of a message; empty when there are none.
template<typename T>
Bytes attributes_of(Bytes payload) {
    return payload.subspan(netlink_stride(sizeof(T), payload.size()));
}

} // namespace sockledger
