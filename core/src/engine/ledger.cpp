// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/ledger.hpp"

#include "engine/container_netns.hpp"
#include "engine/unattributed_cause.hpp"

#include <algorithm>
#include <utility>

namespace sockledger {

namespace {

Accuracy accuracy_of(const Readings& readings, std::string_view name) {
    const auto status = std::ranges::find(readings.sources, name, &SourceStatus::name);
    if (status == readings.sources.end()) {
        return Accuracy::Unavailable;
    }
    return status->lost_bytes > 0 ? worst(status->accuracy, Accuracy::Partial) : status->accuracy;
}

bool works(Accuracy accuracy) {
    return accuracy != Accuracy::Unavailable;
}

} // namespace

Ledger::Sources Ledger::sources_of(const Readings& readings) {
    return {accuracy_of(readings, "links"), accuracy_of(readings, "traffic"),
            accuracy_of(readings, "sockets")};
}

std::chrono::nanoseconds Ledger::since(std::optional<std::chrono::nanoseconds> before) const {
    return before ? std::max(now_ - *before, std::chrono::nanoseconds{0}) : std::chrono::nanoseconds{0};
}

Ledger::Tier Ledger::tier_of(const Sources& sources) const {
    if (works(sources.traffic) || tier_ == Tier::Packets) {
        return Tier::Packets;
    }
    if (sources.sockets == Accuracy::Estimated) {
        return Tier::Shares;
    }
    return works(sources.sockets) ? Tier::Payload : tier_;
}

// Numbers stay when their source fails, as a lower bound.
Accuracy Ledger::apps_accuracy(const Sources& sources) const {
    switch (tier_) {
    case Tier::Packets:
        return works(sources.traffic) ? sources.traffic : Accuracy::Partial;
    case Tier::Payload:
        return Accuracy::Partial;
    case Tier::Shares:
        return Accuracy::Estimated;
    case Tier::None:
        break;
    }
    return Accuracy::Unavailable;
}

void Ledger::read_traffic(const Readings& readings, bool begins) {
    if (begins) {
        rows_.begin(readings.traffic);
    } else {
        rows_.read(readings.traffic, accounts_, interfaces_, now_);
    }
}

void Ledger::read_sockets(const Readings& readings, const Sources& sources, Slot& slot) {
    if (!readings.sockets.fresh) {
        show_old_sockets(sources, slot);
        return;
    }
    slot.connections_version = 0;
    connections_.read(readings.sockets.sockets, {now_, since(sockets_read_at_)}, tier_ == Tier::Payload,
                      interfaces_, accounts_, slot.snapshot.connections);
    slot.connections_version = ++connections_version_;
    if (tier_ == Tier::Shares) {
        estimate_.weigh(slot.snapshot.connections, interfaces_);
    }
}

void Ledger::show_old_sockets(const Sources& sources, Slot& slot) const {
    if (!works(sources.sockets) || !last_) {
        slot.snapshot.connections.clear();
        slot.connections_version = 0;
    } else if (slot.connections_version != last_->connections_version) {
        slot.snapshot.connections = last_->snapshot.connections;
        slot.connections_version = last_->connections_version;
    }
}

void Ledger::close(const Sources& sources, std::chrono::nanoseconds interval, bool fresh_sockets) {
    using Rows = DirectionBook::Rows;
    interfaces_.close_totals(interval, works(sources.links));
    Rows rows = Rows::Unread;
    if (tier_ == Tier::Packets && works(sources.traffic)) {
        rows = Rows::Read;
    } else if (tier_ == Tier::Payload) {
        rows = fresh_sockets ? Rows::Read : Rows::Old;
        interval = since(sockets_read_at_);
    } else if (tier_ == Tier::Shares && works(sources.links)) {
        estimate_.share(accounts_, interfaces_);
        rows = Rows::Shared;
    }
    interfaces_.close_parts(rows, interval);
    if (rows == Rows::Unread) {
        accounts_.skip();
    } else if (rows != Rows::Old) {
        accounts_.close(interval);
    }
}

void Ledger::fill(const Readings& readings, const Sources& sources, Snapshot& snapshot) const {
    snapshot.netns = netns_;
    const Accuracy apps = apps_accuracy(sources);
    interfaces_.fill(snapshot, sources.links, apps, tier_ == Tier::Packets ? apps : Accuracy::Unavailable);
    accounts_.fill(snapshot, apps);
    name_after_containers(snapshot);
    explain_unattributed(readings.links, snapshot.interfaces);
    snapshot.sources = readings.sources;
    std::ranges::stable_sort(snapshot.sources, {}, &SourceStatus::name);
}

SnapshotPtr Ledger::apply(const Readings& readings) {
    const Sources sources = sources_of(readings);
    const std::shared_ptr<Slot> slot = pool_.take();
    Snapshot& snapshot = slot->snapshot;
    now_ = readings.time.boottime;
    const std::chrono::nanoseconds interval = since(sampled_at_);
    snapshot.sequence = ++sequence_;
    snapshot.time = readings.time;
    snapshot.interval = interval;
    snapshot.since = since_ = sampled_at_ ? since_ : now_;

    accounts_.read(readings.processes, readings.apps, readings.traffic.identities, now_);
    const Tier before = std::exchange(tier_, tier_of(sources));
    const bool begins_counting =
        tier_ == Tier::Packets && (before == Tier::Shares || before == Tier::Payload);
    if (begins_counting) {
        interfaces_.begin_counting();
    }
    if (works(sources.links)) {
        netns_ = readings.links.netns;
        interfaces_.read(readings.links, now_);
    }
    if (works(sources.traffic)) {
        read_traffic(readings, begins_counting);
    }
    read_sockets(readings, sources, *slot);
    if (tier_ == Tier::Payload && sockets_read_at_) { // what was closed before the first table is not ours
        connections_.read_closed(readings.sockets.closed, interfaces_, accounts_);
    }
    close(sources, interval, readings.sockets.fresh);
    if (accounts_.is_crowded(now_)) {
        accounts_.sweep(rows_.apps(), now_);
    }
    accounts_.sweep_interfaces(interfaces_, now_);
    fill(readings, sources, snapshot);

    sampled_at_ = now_;
    if (readings.sockets.fresh) {
        sockets_read_at_ = now_;
    }
    last_ = slot;
    return {slot, &slot->snapshot};
}

} // namespace sockledger
