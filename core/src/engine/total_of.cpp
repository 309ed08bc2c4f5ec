// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/total_of.hpp"

#include <algorithm>

namespace sockledger {

namespace {

using Interfaces = std::vector<const Interface*>;

bool contains(const Interfaces& interfaces, const std::optional<InterfaceId>& id) {
    return id && std::ranges::binary_search(interfaces, *id, {}, &Interface::id);
}

bool is_tunnel(const Interface* interface) {
    return interface->kind == InterfaceKind::Wireguard || interface->kind == InterfaceKind::Tun ||
           interface->kind == InterfaceKind::Tunnel;
}

Interfaces default_routes(const Interfaces& interfaces) {
    Interfaces routes;
    std::ranges::copy_if(interfaces, std::back_inserter(routes), &Interface::default_route);
    // A VPN's packets leave again over the interface that carries them.
    if (!std::ranges::all_of(routes, is_tunnel)) {
        std::erase_if(routes, is_tunnel);
    }
    const Interfaces all = routes;
    std::erase_if(routes, [&](const Interface* route) {
        return contains(all, route->lower) || contains(all, route->master);
    });
    return routes;
}

Interfaces outermost(const Interfaces& interfaces) {
    Interfaces links;
    std::ranges::copy_if(interfaces, std::back_inserter(links), [&](const Interface* link) {
        return link->up && !link->loopback && !link->master && !contains(interfaces, link->lower);
    });
    return links;
}

} // namespace

std::vector<InterfaceId> select_total_of(const std::vector<const Interface*>& interfaces) {
    Interfaces chosen = default_routes(interfaces);
    if (chosen.empty()) {
        chosen = outermost(interfaces);
    }
    std::vector<InterfaceId> ids;
    std::ranges::transform(chosen, std::back_inserter(ids), &Interface::id);
    return ids;
}

} // namespace sockledger
