// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/ledger.hpp"

#include "engine/container_netns.hpp"
#include "engine/unattributed_cause.hpp"

#include <algorithm>

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

// Numbers stay when their source fails, as a lower bound.
Accuracy Ledger::traffic_accuracy(const Sources& sources) const {
    if (packets_counted_) {
        return works(sources.traffic) ? sources.traffic : Accuracy::Partial;
    }
    return works(sources.sockets) ? Accuracy::Partial : Accuracy::Unavailable;
}

void Ledger::read_sockets(const Readings& readings, const Sources& sources, Slot& slot) {
    if (!readings.sockets.fresh) {
        show_old_sockets(sources, slot);
        return;
    }
    slot.connections_version = 0;
    connections_.read(readings.sockets.sockets, {now_, since(sockets_read_at_)}, !packets_counted_,
                      interfaces_, accounts_, slot.snapshot.connections);
    slot.connections_version = ++connections_version_;
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
    interfaces_.close(interval, works(sources.links), works(sources.traffic));
    if (works(sources.traffic)) {
        accounts_.close(interval);
    } else if (packets_counted_) {
        accounts_.skip();
    } else if (fresh_sockets) {
        accounts_.close(since(sockets_read_at_));
    }
}

void Ledger::fill(const Readings& readings, const Sources& sources, Snapshot& snapshot) const {
    snapshot.netns = netns_;
    const Accuracy counted = packets_counted_ ? traffic_accuracy(sources) : Accuracy::Unavailable;
    interfaces_.fill(snapshot, sources.links, counted);
    accounts_.fill(snapshot, traffic_accuracy(sources));
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
    if (works(sources.links)) {
        netns_ = readings.links.netns;
        interfaces_.read(readings.links, now_);
    }
    if (works(sources.traffic)) {
        packets_counted_ = true;
        rows_.read(readings.traffic, accounts_, interfaces_, now_);
    }
    read_sockets(readings, sources, *slot);
    close(sources, interval, readings.sockets.fresh);
    fill(readings, sources, snapshot);

    sampled_at_ = now_;
    if (readings.sockets.fresh) {
        sockets_read_at_ = now_;
    }
    last_ = slot;
    return {slot, &slot->snapshot};
}

} // namespace sockledger
