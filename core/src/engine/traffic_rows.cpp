// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/traffic_rows.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>

namespace sockledger {

namespace {

// A row may fall: what a process received and another one read goes over to the reader. So steps are
// differences modulo 2^64, which cancel in every sum of both rows.
TrafficCounters difference(const TrafficCounters& now, const TrafficCounters& before) {
    return {
        .rx_bytes = now.rx_bytes - before.rx_bytes,
        .tx_bytes = now.tx_bytes - before.tx_bytes,
        .rx_packets = now.rx_packets - before.rx_packets,
        .tx_packets = now.tx_packets - before.tx_packets,
        .rx_gso_bytes = now.rx_gso_bytes - before.rx_gso_bytes,
        .tx_gso_bytes = now.tx_gso_bytes - before.tx_gso_bytes,
        .rx_gso_packets = now.rx_gso_packets - before.rx_gso_packets,
        .tx_gso_packets = now.tx_gso_packets - before.tx_gso_packets,
    };
}

Flow wire_flow(std::uint64_t bytes, std::uint64_t packets, std::uint32_t header_bytes) {
    return {bytes + packets * header_bytes, packets};
}

} // namespace

std::size_t TrafficRows::Hash::operator()(const Key& key) const {
    std::size_t seed = key.copy ? 1 : 0;
    boost::hash_combine(seed, key.process.pid);
    boost::hash_combine(seed, key.process.start_ticks);
    boost::hash_combine(seed, key.interface.netns);
    boost::hash_combine(seed, key.interface.ifindex);
    return seed;
}

void TrafficRows::book(const TrafficRow& row, State& state, const TrafficCounters& step, Accounts& accounts,
                       InterfaceBooks& interfaces) {
    const InterfaceBooks::Link link = interfaces.link(row.interface);
    const LinkHeaders& headers = link.headers;
    const Amount wire{wire_flow(step.rx_bytes, step.rx_packets, headers.rx_bytes),
                      wire_flow(step.tx_bytes, step.tx_packets, headers.tx_bytes)};
    AppAccount& app = *state.app;
    (link.loopback ? app.loopback : app.traffic).add(wire);
    if (row.interface.netns != 0) {
        accounts.on_interface(app, row.interface).add(wire);
    }
    if (ProcessAccount* process = accounts.find(row.process)) {
        (link.loopback ? process->loopback : process->traffic).add(wire);
    }
    // A copy is a further delivery of a packet that another row has counted on the wire.
    if (!row.copy) {
        interfaces.count_row(row.interface, row.process.pid == 0, wire,
                             {wire_flow(step.rx_gso_bytes, step.rx_gso_packets, headers.rx_bytes),
                              wire_flow(step.tx_gso_bytes, step.tx_gso_packets, headers.tx_bytes)});
    }
}

std::set<const AppAccount*> TrafficRows::apps() const {
    std::set<const AppAccount*> apps;
    for (const auto& [key, state] : rows_) {
        if (state.app) {
            apps.insert(state.app);
        }
    }
    return apps;
}

void TrafficRows::begin(const TrafficReading& reading) {
    ++read_number_;
    for (const TrafficRow& row : reading.rows) {
        rows_[{row.process, row.interface, row.copy}] = {row.counters, nullptr, read_number_};
    }
}

void TrafficRows::read(const TrafficReading& reading, Accounts& accounts, InterfaceBooks& interfaces,
                       std::chrono::nanoseconds now) {
    ++read_number_;
    for (const TrafficRow& row : reading.rows) {
        State& state = rows_[{row.process, row.interface, row.copy}];
        state.read_number = read_number_;
        const TrafficCounters step = difference(row.counters, state.counted);
        state.counted = row.counters;
        if (step == TrafficCounters{}) {
            continue;
        }
        if (row.process.pid == 0) {
            state.app = &accounts.app(kernel_app());
        } else if (const ProcessAccount* process = accounts.find(row.process)) {
            state.app = process->app;
        } else if (!state.app) { // else: dead and forgotten, its application keeps what comes late
            state.app = accounts.meet(row.process, reading.identities, now).app;
        }
        book(row, state, step, accounts, interfaces);
    }
    boost::unordered::erase_if(rows_,
                               [&](const auto& row) { return row.second.read_number != read_number_; });
}

} // namespace sockledger
