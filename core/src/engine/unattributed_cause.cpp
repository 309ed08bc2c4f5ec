// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/unattributed_cause.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

namespace sockledger {

namespace {

// ARP, neighbour discovery, multicast that nobody listens to: what every network has.
constexpr std::uint64_t little_bytes = 16 << 10;
constexpr std::uint64_t little_part = 100;

// Around a small packet a tunnel puts more than the packet itself has.
constexpr std::uint64_t good_part = 4;

std::uint64_t bytes_of(const Traffic& traffic) {
    return traffic.rx_bytes + traffic.tx_bytes;
}

bool is_little(const Interface& interface) {
    return bytes_of(interface.unattributed) <=
           std::max(little_bytes, bytes_of(interface.total) / little_part);
}

bool is_kernel_tunnel(const Interface& interface) {
    return interface.kind == InterfaceKind::Wireguard || interface.kind == InterfaceKind::Tunnel;
}

bool is_stacked(const Interface& interface) {
    return interface.kind == InterfaceKind::Vlan || interface.kind == InterfaceKind::Macvlan;
}

/// What is known of all interfaces together.
class Evidence {
public:
    Evidence(const LinksReading& links, const std::vector<Interface>& interfaces)
        : own_netns_(links.netns), forwarding_(links.forwarding) {
        note_peers(links.netns, links.links);
        for (const NamespaceLinks& other : links.others)
            note_peers(other.netns, other.links);
        for (const Interface& interface : interfaces)
            note(interface);
    }

    UnattributedCause cause(const Interface& interface) const;

private:
    void note_peers(std::uint32_t netns, const std::vector<LinkRecord>& links) {
        for (const LinkRecord& link : links)
            if (link.peer_elsewhere)
                peer_elsewhere_.insert({netns, link.ifindex});
    }
    void note(const Interface& interface) {
        if (interface.kind == InterfaceKind::Bridge || interface.kind == InterfaceKind::Bond)
            switches_.insert(interface.id);
        if (interface.lower && is_stacked(interface))
            stacked_[*interface.lower] += bytes_of(interface.total);
        // The packets of one that was made in another namespace leave there.
        if (is_kernel_tunnel(interface) && interface.up && !peer_elsewhere_.contains(interface.id))
            (interface.lower ? tunnels_[*interface.lower] : routed_tunnels_[interface.id.netns]) +=
                bytes_of(interface.total);
    }
    std::uint64_t tunnelled(const Interface& interface) const {
        const auto riding = tunnels_.find(interface.id);
        const auto routed = routed_tunnels_.find(interface.id.netns);
        return (riding == tunnels_.end() ? 0 : riding->second) +
               (routed == routed_tunnels_.end() || !interface.default_route ? 0 : routed->second);
    }
    bool is_port(const Interface& interface) const {
        return interface.master && switches_.contains(*interface.master);
    }

    std::uint32_t own_netns_;
    bool forwarding_;
    std::set<InterfaceId> peer_elsewhere_;
    std::set<InterfaceId> switches_;
    std::map<InterfaceId, std::uint64_t> stacked_; // bytes of what rides on an interface
    std::map<InterfaceId, std::uint64_t> tunnels_;
    std::map<std::uint32_t, std::uint64_t> routed_tunnels_; // of a namespace: they leave by its default route
};

UnattributedCause Evidence::cause(const Interface& interface) const {
    const Traffic& rest = interface.unattributed;
    const auto explains = [&](std::uint64_t bytes) { return bytes > bytes_of(rest) / good_part; };
    if (rest.accuracy != Accuracy::Unavailable && bytes_of(rest) == 0)
        return UnattributedCause::None;
    if (rest.accuracy != Accuracy::Exact)
        return UnattributedCause::NotCounted;
    const auto stacked = stacked_.find(interface.id);
    if (is_port(interface) || (stacked != stacked_.end() && explains(stacked->second)))
        return UnattributedCause::Bridged;
    const bool own = interface.id.netns == own_netns_;
    if (own && interface.kind == InterfaceKind::Veth && peer_elsewhere_.contains(interface.id) &&
        !interface.default_route)
        return UnattributedCause::OtherNetns;
    if (is_little(interface))
        return UnattributedCause::NoSocket;
    const std::uint64_t tunnel_bytes = is_kernel_tunnel(interface) ? 0 : tunnelled(interface);
    if (tunnel_bytes > 0 && explains(tunnel_bytes))
        return UnattributedCause::Encapsulated;
    if (own && forwarding_)
        return UnattributedCause::Forwarded;
    if (tunnel_bytes > 0)
        return UnattributedCause::Encapsulated;
    return interface.kind == InterfaceKind::Bridge ? UnattributedCause::Bridged : UnattributedCause::NoSocket;
}

} // namespace

void explain_unattributed(const LinksReading& links, std::vector<Interface>& interfaces) {
    const Evidence evidence(links, interfaces);
    for (Interface& interface : interfaces)
        interface.unattributed_cause = evidence.cause(interface);
}

} // namespace sockledger
