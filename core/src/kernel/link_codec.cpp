// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/link_codec.hpp"

#include "kernel/link_stats_codec.hpp"
#include "kernel/text.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sockledger {

namespace {

/// Kinds whose IFLA_LINK is the other end of a pair: neither end rides on the other.
bool is_pair(std::string_view kind) {
    return kind == "veth" || kind == "netkit" || kind == "vxcan";
}

/// A VXLAN device tells the device that it rides on in its own data only.
std::uint32_t vxlan_lower(Bytes data) {
    std::uint32_t lower = 0;
    for_each_attribute(data, [&](std::uint16_t type, Bytes value) {
        if (type == IFLA_VXLAN_LINK) {
            lower = read_prefix<std::uint32_t>(value);
        }
    });
    return lower;
}

void decode_info(Bytes info, LinkRecord& record) {
    Bytes data;
    for_each_attribute(info, [&](std::uint16_t type, Bytes value) {
        if (type == IFLA_INFO_KIND) {
            record.kind = printable(text_of(value));
        } else if (type == IFLA_INFO_DATA) {
            data = value;
        }
    });
    if (record.kind == "vxlan") {
        record.lower = vxlan_lower(data);
    }
}

} // namespace

std::optional<LinkInfo> decode_link(Bytes payload) {
    const auto header = read_prefix<ifinfomsg>(payload);
    if (payload.size() < sizeof header || header.ifi_family != AF_UNSPEC || header.ifi_index <= 0) {
        return std::nullopt;
    }
    LinkInfo link;
    LinkRecord& record = link.record;
    record.ifindex = static_cast<std::uint32_t>(header.ifi_index);
    record.type = header.ifi_type;
    record.flags = header.ifi_flags;
    for_each_attribute(attributes_of<ifinfomsg>(payload), [&](std::uint16_t type, Bytes value) {
        switch (type) {
        case IFLA_IFNAME:
            record.name = printable(text_of(value));
            break;
        case IFLA_LINKINFO:
            decode_info(value, record);
            break;
        case IFLA_ADDRESS:
            link.hardware_address.assign(reinterpret_cast<const char*>(value.data()), value.size());
            break;
        case IFLA_OPERSTATE:
            record.operstate = read_prefix<std::uint8_t>(value);
            break;
        case IFLA_MTU:
            record.mtu = read_prefix<std::uint32_t>(value);
            break;
        case IFLA_LINK:
            record.lower = read_prefix<std::uint32_t>(value);
            break;
        case IFLA_LINK_NETNSID:
            record.peer_elsewhere = true;
            break;
        case IFLA_MASTER:
            record.master = read_prefix<std::uint32_t>(value);
            break;
        case IFLA_STATS64:
            record.stats = decode_link_stats64(value);
            break;
        default:
            break;
        }
    });
    if (record.peer_elsewhere || record.lower == record.ifindex || is_pair(record.kind)) {
        record.lower = 0;
    }
    if (record.name.empty()) {
        return std::nullopt;
    }
    return link;
}

LinkNotice decode_link_notice(std::uint16_t type, Bytes payload) {
    const auto header = read_prefix<ifinfomsg>(payload);
    LinkNotice notice;
    notice.about_device = header.ifi_family == AF_UNSPEC;
    if (type != RTM_DELLINK || !notice.about_device) {
        return notice;
    }
    bool moved = false; // into another namespace, from which it may come back as it is
    for_each_attribute(attributes_of<ifinfomsg>(payload),
                       [&](std::uint16_t attribute, Bytes) { moved |= attribute == IFLA_NEW_NETNSID; });
    notice.deleted_ifindex = moved ? 0 : static_cast<std::uint32_t>(header.ifi_index);
    return notice;
}

} // namespace sockledger
