// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns_id_codec.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

namespace sockledger {

namespace {

constexpr std::int32_t any_id = -1; // NETNSA_NSID_NOT_ASSIGNED

void append(std::vector<std::byte>& message, Bytes bytes) {
    message.insert(message.end(), bytes.begin(), bytes.end());
    message.resize((message.size() + 3) & ~std::size_t{3});
}

template<typename Header>
std::vector<std::byte> begin(const Header& header) {
    std::vector<std::byte> message;
    append(message, bytes_of(header));
    return message;
}

void append_number(std::vector<std::byte>& message, std::uint16_t type, std::int32_t value) {
    append(message, bytes_of(nlattr{sizeof(nlattr) + sizeof value, type}));
    append(message, bytes_of(value));
}

} // namespace

std::vector<std::byte> encode_new_netns_id(int netns_fd) {
    auto message = encode_get_netns_id(netns_fd);
    append_number(message, NETNSA_NSID, any_id);
    return message;
}

std::vector<std::byte> encode_get_netns_id(int netns_fd) {
    auto message = begin(rtgenmsg{});
    append_number(message, NETNSA_FD, netns_fd);
    return message;
}

std::optional<std::int32_t> decode_netns_id(Bytes payload) {
    std::int32_t id = any_id;
    for_each_attribute(attributes_of<rtgenmsg>(payload), [&](std::uint16_t type, Bytes value) {
        if (type == NETNSA_NSID && value.size() >= sizeof id) {
            id = read_prefix<std::int32_t>(value);
        }
    });
    return id >= 0 ? std::optional(id) : std::nullopt;
}

std::vector<std::byte> encode_get_links_of(std::int32_t netns_id) {
    auto message = begin(ifinfomsg{});
    append_number(message, IFLA_TARGET_NETNSID, netns_id);
    return message;
}

std::vector<std::byte> encode_get_addresses_of(std::int32_t netns_id) {
    auto message = begin(ifaddrmsg{});
    append_number(message, IFA_TARGET_NETNSID, netns_id);
    return message;
}

} // namespace sockledger
