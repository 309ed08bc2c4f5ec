// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/container_netns.hpp"

#include <map>

namespace sockledger {

namespace {

using Containers = std::map<std::uint32_t, const App*>; // by namespace; nullptr: several

Containers containers_of(const Snapshot& snapshot) {
    Containers containers;
    for (const App& app : snapshot.apps) {
        if (!app.id.starts_with("container:"))
            continue;
        for (const auto& [interface, traffic] : app.by_interface) {
            const App*& container = containers.try_emplace(interface.netns, &app).first->second;
            container = container == &app ? &app : nullptr;
        }
    }
    return containers;
}

} // namespace

void name_after_containers(Snapshot& snapshot) {
    const Containers containers = containers_of(snapshot);
    for (Interface& interface : snapshot.interfaces) {
        if (interface.id.netns == snapshot.netns || !interface.netns_name.empty())
            continue;
        const auto found = containers.find(interface.id.netns);
        if (found != containers.end() && found->second)
            interface.netns_name = found->second->name;
    }
}

} // namespace sockledger
