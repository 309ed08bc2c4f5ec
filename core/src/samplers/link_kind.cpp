// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/links.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sockledger {

namespace {

constexpr std::uint16_t type_ethernet = 1;   // ARPHRD_ETHER
constexpr std::uint16_t type_loopback = 772; // ARPHRD_LOOPBACK
constexpr std::uint32_t ethernet_header = 14;

using Named = std::pair<std::string_view, InterfaceKind>;

constexpr std::array kinds{
    Named{"veth", InterfaceKind::Veth},           Named{"netkit", InterfaceKind::Veth},
    Named{"vxcan", InterfaceKind::Veth},          Named{"bridge", InterfaceKind::Bridge},
    Named{"openvswitch", InterfaceKind::Bridge},  Named{"bond", InterfaceKind::Bond},
    Named{"team", InterfaceKind::Bond},           Named{"vlan", InterfaceKind::Vlan},
    Named{"macvlan", InterfaceKind::Macvlan},     Named{"macvtap", InterfaceKind::Macvlan},
    Named{"ipvlan", InterfaceKind::Macvlan},      Named{"ipvtap", InterfaceKind::Macvlan},
    Named{"wireguard", InterfaceKind::Wireguard}, Named{"tun", InterfaceKind::Tun},
    Named{"ipip", InterfaceKind::Tunnel},         Named{"sit", InterfaceKind::Tunnel},
    Named{"gre", InterfaceKind::Tunnel},          Named{"gretap", InterfaceKind::Tunnel},
    Named{"erspan", InterfaceKind::Tunnel},       Named{"ip6gre", InterfaceKind::Tunnel},
    Named{"ip6gretap", InterfaceKind::Tunnel},    Named{"ip6erspan", InterfaceKind::Tunnel},
    Named{"ip6tnl", InterfaceKind::Tunnel},       Named{"vti", InterfaceKind::Tunnel},
    Named{"vti6", InterfaceKind::Tunnel},         Named{"xfrm", InterfaceKind::Tunnel},
    Named{"vxlan", InterfaceKind::Tunnel},        Named{"geneve", InterfaceKind::Tunnel},
    Named{"bareudp", InterfaceKind::Tunnel},      Named{"gtp", InterfaceKind::Tunnel},
    Named{"dummy", InterfaceKind::Dummy},
};

using NamedHeaders = std::pair<std::string_view, LinkHeaders>;

/// Ethernet devices that count received frames when the header is off already, or sent ones (the IP
/// tunnels) by the length of the packet inside.
constexpr std::array odd_headers{
    NamedHeaders{"bridge", {0, ethernet_header}},
    NamedHeaders{"vlan", {0, ethernet_header}},
    NamedHeaders{"team", {0, ethernet_header}},
    NamedHeaders{"openvswitch", {0, ethernet_header}},
    NamedHeaders{"gretap", {ethernet_header, 0}},
    NamedHeaders{"erspan", {ethernet_header, 0}},
    NamedHeaders{"ip6gretap", {0, 0}},
    NamedHeaders{"vxlan", {0, 0}},
    NamedHeaders{"geneve", {0, 0}},
};

} // namespace

InterfaceKind interface_kind(const LinkRecord& link) {
    if (link.type == type_loopback) {
        return InterfaceKind::Loopback;
    }
    const auto* const found = std::find_if(kinds.begin(), kinds.end(),
                                           [&](const Named& named) { return named.first == link.kind; });
    if (found != kinds.end()) {
        return found->second;
    }
    return link.kind.empty() && link.type == type_ethernet ? InterfaceKind::Physical : InterfaceKind::Other;
}

LinkHeaders link_headers(const LinkRecord& link) {
    if (link.type != type_ethernet) {
        return {}; // loopback_xmit() too counts after eth_type_trans() has taken the header off
    }
    const auto* const found =
        std::find_if(odd_headers.begin(), odd_headers.end(),
                     [&](const NamedHeaders& named) { return named.first == link.kind; });
    return found != odd_headers.end() ? found->second : LinkHeaders{ethernet_header, ethernet_header};
}

std::uint32_t link_header_bytes(const LinkRecord& link) {
    return link_headers(link).tx_bytes;
}

} // namespace sockledger
