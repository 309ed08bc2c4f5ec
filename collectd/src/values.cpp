// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "values.hpp"

#include <sockledger/sockledger.h>

#include <limits>
#include <utility>

namespace sockledger::collectd {

namespace {

/// Values of one instance at one time.
struct Series {
    std::vector<Value>& values;
    const char* plugin;
    const std::string& instance;
    std::uint64_t realtime_ns;

    void add(const char* type, const char* type_instance, std::vector<Number> numbers) const {
        values.push_back({plugin, instance, type, type_instance, std::move(numbers), realtime_ns});
    }
    void gauge(const char* type, const char* type_instance, double value) const {
        add(type, type_instance, {value});
    }
    void counter(const char* type, const char* type_instance, std::uint64_t value) const {
        add(type, type_instance, {static_cast<std::int64_t>(value)});
    }
    void counters(const char* type, const char* type_instance, std::uint64_t rx, std::uint64_t tx) const {
        add(type, type_instance, {static_cast<std::int64_t>(rx), static_cast<std::int64_t>(tx)});
    }
    /// Nothing where nothing is known: a zero would be a lie.
    void octets(const char* type_instance, const sockledger_traffic& traffic) const {
        if (traffic.accuracy != SOCKLEDGER_UNAVAILABLE)
            counters("if_octets", type_instance, traffic.rx_bytes, traffic.tx_bytes);
    }
    void packets(const sockledger_traffic& traffic) const {
        if (traffic.accuracy != SOCKLEDGER_UNAVAILABLE)
            counters("if_packets", "", traffic.rx_packets, traffic.tx_packets);
    }
};

} // namespace

void add_machine(std::vector<Value>& values, const sockledger_snapshot_info& info, const Lost& lost) {
    const std::string instance = machine_instance;
    const Series series{values, machine_plugin, instance, info.realtime_ns};
    series.octets("", info.total);
    series.packets(info.total);
    series.gauge("bool", "exact", info.accuracy == SOCKLEDGER_EXACT ? 1 : 0);
    series.counter("total_bytes", "lost", lost.bytes);
    series.counter("errors", "lost", lost.events);
}

void add_interface(std::vector<Value>& values, const sockledger_interface& row, const std::string& instance,
                   std::uint64_t realtime_ns) {
    const Series series{values, machine_plugin, instance, realtime_ns};
    series.octets("", row.total);
    series.octets("apps", row.apps);
    series.octets("kernel", row.kernel);
    series.octets("unattributed", row.unattributed);
    series.packets(row.total);
    if (row.total.accuracy != SOCKLEDGER_UNAVAILABLE) {
        series.counters("if_errors", "", row.rx_errors, row.tx_errors);
        series.counters("if_dropped", "", row.rx_dropped, row.tx_dropped);
    }
    series.gauge("bool", "up", row.up);
}

void add_app(std::vector<Value>& values, const sockledger_shown_app& row, const std::string& instance,
             const AppParts& parts, States& states, std::uint64_t counted_ns, std::uint64_t now_ns) {
    if (row.accuracy != SOCKLEDGER_UNAVAILABLE && counted_ns != 0)
        Series{values, app_plugin, instance, counted_ns}.counters("if_octets", "", row.rx_bytes,
                                                                  row.tx_bytes);
    const Series now{values, app_plugin, instance, now_ns};
    if (parts.connections) {
        now.gauge("current_connections", "", row.connections.total);
        for (std::uint32_t state = SOCKLEDGER_ESTABLISHED; state < SOCKLEDGER_STATES; ++state) {
            const std::uint32_t count = row.connections.tcp_states[state];
            states[state] = states[state] || count > 0;
            if (states[state])
                now.gauge("tcp_connections", sockledger_state_name(state), count);
        }
    }
    // How many threads they have is not known
    if (parts.processes)
        now.add("ps_count", "",
                {static_cast<double>(row.processes), std::numeric_limits<double>::quiet_NaN()});
}

} // namespace sockledger::collectd
