// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/answer.hpp"
#include "c_api/held_snapshot.hpp"
#include "c_api/rows.hpp"
#include "c_api/sized.hpp"

#include <sockledger/derived.hpp>

#include <algorithm>
#include <iterator>

using namespace sockledger;
using namespace sockledger::c_api;

sockledger_snapshot::sockledger_snapshot(SnapshotPtr taken)
    : data(std::move(taken)), missing(what_is_missing(*data)) {}

namespace {

template<typename Record>
const Record* at(const std::vector<Record>& records, std::size_t index) {
    return index < records.size() ? &records[index] : nullptr;
}

/// Gives what `find` points to in the snapshot.
template<typename Row, typename Find>
int give_found(const sockledger_snapshot* snapshot, Row* row, Find find) {
    if (!snapshot)
        return -EINVAL;
    return guarded([&] {
        const auto* const found = find(*snapshot->data);
        return found ? give(row, to_c(*found)) : -ENOENT;
    });
}

sockledger_snapshot_info info_of(const sockledger_snapshot& snapshot) {
    const Snapshot& data = *snapshot.data;
    const auto count = [](auto duration) { return static_cast<std::uint64_t>(duration.count()); };
    const SourceStatus* const daemon = data.source("daemon");
    sockledger_snapshot_info info{};
    info.sequence = data.sequence;
    info.boottime_ns = count(data.time.boottime);
    info.realtime_ns = count(data.time.realtime);
    info.interval_ns = count(data.interval);
    info.since_ns = count(data.since);
    info.netns = data.netns;
    info.accuracy = static_cast<std::uint32_t>(app_accuracy(data));
    info.total = to_c(data.total);
    info.interfaces = data.interfaces.size();
    info.apps = data.apps.size();
    info.processes = data.processes.size();
    info.connections = data.connections.size();
    info.sources = data.sources.size();
    info.missing = snapshot.missing.c_str();
    info.from_daemon = daemon && daemon->accuracy != Accuracy::Unavailable; // else it says why it is away
    return info;
}

} // namespace

sockledger_snapshot* sockledger_snapshot_hold(sockledger_snapshot* snapshot) {
    if (snapshot)
        snapshot->holds.fetch_add(1, std::memory_order_relaxed);
    return snapshot;
}

void sockledger_snapshot_release(sockledger_snapshot* snapshot) {
    if (snapshot && snapshot->holds.fetch_sub(1, std::memory_order_acq_rel) == 1)
        delete snapshot;
}

int sockledger_snapshot_describe(const sockledger_snapshot* snapshot, sockledger_snapshot_info* info) {
    return snapshot ? give(info, info_of(*snapshot)) : -EINVAL;
}

int sockledger_snapshot_interface(const sockledger_snapshot* snapshot, size_t index,
                                  sockledger_interface* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) { return at(data.interfaces, index); });
}

int sockledger_snapshot_find_interface(const sockledger_snapshot* snapshot, const char* name,
                                       sockledger_interface* row) {
    if (!name)
        return -EINVAL;
    return give_found(snapshot, row, [&](const Snapshot& data) { return find_interface(data, name); });
}

int sockledger_snapshot_address(const sockledger_snapshot* snapshot, size_t interface_index, size_t index,
                                sockledger_address* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) {
        const Interface* const interface = at(data.interfaces, interface_index);
        return interface ? at(interface->addresses, index) : nullptr;
    });
}

int sockledger_snapshot_app(const sockledger_snapshot* snapshot, size_t index, sockledger_app* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) { return at(data.apps, index); });
}

int sockledger_snapshot_find_app(const sockledger_snapshot* snapshot, const char* id, sockledger_app* row) {
    if (!id)
        return -EINVAL;
    return give_found(snapshot, row, [&](const Snapshot& data) { return data.app(id); });
}

int sockledger_snapshot_app_interface(const sockledger_snapshot* snapshot, size_t app_index, size_t index,
                                      sockledger_app_interface* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) {
        const App* const app = at(data.apps, app_index);
        return app && index < app->by_interface.size()
                   ? &*std::next(app->by_interface.begin(), static_cast<std::ptrdiff_t>(index))
                   : nullptr;
    });
}

int sockledger_snapshot_process(const sockledger_snapshot* snapshot, size_t index, sockledger_process* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) { return at(data.processes, index); });
}

int sockledger_snapshot_find_process(const sockledger_snapshot* snapshot, uint32_t pid,
                                     sockledger_process* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) -> const Process* {
        // Sorted by pid, then by start: a live one comes after the dead ones of its pid.
        const auto later = std::ranges::upper_bound(data.processes, pid, {},
                                                    [](const Process& process) { return process.id.pid; });
        if (later == data.processes.begin())
            return nullptr;
        const Process& last = *std::prev(later);
        return last.id.pid == pid && last.alive ? &last : nullptr;
    });
}

int sockledger_snapshot_connection(const sockledger_snapshot* snapshot, size_t index,
                                   sockledger_connection* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) { return at(data.connections, index); });
}

int sockledger_snapshot_source(const sockledger_snapshot* snapshot, size_t index,
                               sockledger_source_status* row) {
    return give_found(snapshot, row, [&](const Snapshot& data) { return at(data.sources, index); });
}
