// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/visibility.hpp"

#include <algorithm>
#include <iterator>

namespace sockledger {

bool may_see(const Process& process, Visible visible) {
    return visible.all || process.uid == visible.uid;
}

bool may_see(const Connection& connection, const Snapshot& snapshot, Visible visible) {
    if (visible.all || connection.uid == visible.uid)
        return true;
    const Process* const owner = connection.owner ? snapshot.process(*connection.owner) : nullptr;
    return owner && may_see(*owner, visible);
}

Snapshot visible_part(const Snapshot& snapshot, Visible visible) {
    if (visible.all)
        return snapshot;
    Snapshot part;
    part.sequence = snapshot.sequence;
    part.time = snapshot.time;
    part.interval = snapshot.interval;
    part.netns = snapshot.netns;
    part.interfaces = snapshot.interfaces;
    part.apps = snapshot.apps;
    part.sources = snapshot.sources;
    part.total = snapshot.total;
    part.total_of = snapshot.total_of;
    std::ranges::copy_if(snapshot.processes, std::back_inserter(part.processes),
                         [&](const Process& process) { return may_see(process, visible); });
    std::ranges::copy_if(
        snapshot.connections, std::back_inserter(part.connections),
        [&](const Connection& connection) { return may_see(connection, snapshot, visible); });
    for (App& app : part.apps)
        std::erase_if(app.processes, [&](const ProcessId& id) { return !part.process(id); });
    return part;
}

} // namespace sockledger
