// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/rows.hpp"

#include "c_api/names.hpp"

#include <sockledger/derived.hpp>

#include <algorithm>

namespace sockledger::c_api {

static_assert(SOCKLEDGER_UNAVAILABLE == static_cast<int>(Accuracy::Unavailable));
static_assert(SOCKLEDGER_NEW_SYN_RECV == static_cast<int>(SocketState::NewSynRecv));
static_assert(SOCKLEDGER_STATES == socket_states);
static_assert(SOCKLEDGER_OTHER_PROTOCOL == static_cast<int>(Protocol::Other));
static_assert(SOCKLEDGER_SCOPE_INTERNET == static_cast<int>(Scope::Internet));
static_assert(SOCKLEDGER_SUBJECT_INTERFACE == static_cast<int>(Rule::Subject::Interface));

namespace {

template<typename Enum>
std::uint32_t number(Enum value) {
    return static_cast<std::uint32_t>(value);
}

/// A value that may be missing, and its bit.
template<typename To, typename Value>
void set(To& to, std::uint32_t& valid, std::uint32_t bit, const std::optional<Value>& value) {
    if (!value)
        return;
    to = *value;
    valid |= bit;
}

/// process_name() as a text that lives with the process: it is comm, or the end of exe.
const char* lasting_name(const Process& process) {
    const std::string name = process_name(process);
    if (name == process.comm)
        return process.comm.c_str();
    return process.exe.c_str() + (process.exe.size() - name.size());
}

sockledger_endpoint to_c(const Endpoint& endpoint) {
    sockledger_endpoint made{};
    std::ranges::copy(endpoint.address, made.address);
    made.port = endpoint.port;
    made.family = endpoint.ipv6 ? 6 : 4;
    return made;
}

} // namespace

sockledger_traffic to_c(const Traffic& traffic) {
    sockledger_traffic made{};
    made.rx_bytes = traffic.rx_bytes;
    made.tx_bytes = traffic.tx_bytes;
    made.rx_packets = traffic.rx_packets;
    made.tx_packets = traffic.tx_packets;
    set(made.rx_rate, made.valid, SOCKLEDGER_TRAFFIC_RX_RATE, traffic.rx_rate);
    set(made.tx_rate, made.valid, SOCKLEDGER_TRAFFIC_TX_RATE, traffic.tx_rate);
    made.accuracy = number(traffic.accuracy);
    return made;
}

sockledger_counts to_c(const ConnectionCounts& counts) {
    sockledger_counts made{};
    made.total = counts.total;
    made.tcp = counts.tcp;
    made.udp = counts.udp;
    made.other = counts.other;
    std::ranges::copy(counts.tcp_states, made.tcp_states);
    return made;
}

sockledger_interface to_c(const Interface& interface) {
    sockledger_interface made{};
    made.netns = interface.id.netns;
    made.ifindex = interface.id.ifindex;
    made.name = interface.name.c_str();
    made.kind = name_of(interface.kind);
    made.netns_name = interface.netns_name.c_str();
    made.unattributed_cause = name_of(interface.unattributed_cause);
    made.up = interface.up;
    made.loopback = interface.loopback;
    made.default_route = interface.default_route;
    if (interface.lower) {
        made.valid |= SOCKLEDGER_INTERFACE_LOWER;
        made.lower_netns = interface.lower->netns;
        made.lower_ifindex = interface.lower->ifindex;
    }
    if (interface.master) {
        made.valid |= SOCKLEDGER_INTERFACE_MASTER;
        made.master_ifindex = interface.master->ifindex;
    }
    made.addresses = static_cast<std::uint32_t>(interface.addresses.size());
    made.total = to_c(interface.total);
    made.apps = to_c(interface.apps);
    made.kernel = to_c(interface.kernel);
    made.unattributed = to_c(interface.unattributed);
    made.rx_errors = interface.rx_errors;
    made.tx_errors = interface.tx_errors;
    made.rx_dropped = interface.rx_dropped;
    made.tx_dropped = interface.tx_dropped;
    made.device_rx_bytes = interface.device_rx_bytes;
    made.device_tx_bytes = interface.device_tx_bytes;
    return made;
}

sockledger_address to_c(const InterfaceAddress& address) {
    sockledger_address made{};
    made.address = address.address.c_str();
    made.prefix_length = address.prefix_length;
    return made;
}

sockledger_app to_c(const App& app) {
    sockledger_app made{};
    made.id = app.id.c_str();
    made.name = app.name.empty() ? app.id.c_str() : app.name.c_str();
    made.icon = app.icon.c_str();
    made.processes = static_cast<std::uint32_t>(app.processes.size());
    made.interfaces = static_cast<std::uint32_t>(app.by_interface.size());
    made.traffic = to_c(app.traffic);
    made.loopback = to_c(app.loopback);
    made.connections = to_c(app.connections);
    return made;
}

sockledger_app_interface to_c(const std::pair<const InterfaceId, Traffic>& part) {
    sockledger_app_interface made{};
    made.netns = part.first.netns;
    made.ifindex = part.first.ifindex;
    made.traffic = to_c(part.second);
    return made;
}

sockledger_process to_c(const Process& process) {
    sockledger_process made{};
    made.pid = process.id.pid;
    made.parent_pid = process.parent_pid;
    made.start_ticks = process.id.start_ticks;
    made.uid = process.uid;
    made.alive = process.alive;
    made.name = lasting_name(process);
    made.exe = process.exe.c_str();
    made.user = process.user.c_str();
    made.app = process.app.c_str();
    made.traffic = to_c(process.traffic);
    made.loopback = to_c(process.loopback);
    made.connections = to_c(process.connections);
    return made;
}

sockledger_connection to_c(const Connection& connection) {
    sockledger_connection made{};
    made.cookie = connection.id.cookie;
    made.netns = connection.id.netns;
    made.protocol = number(connection.protocol);
    made.state = number(connection.state);
    made.scope = number(connection.scope);
    made.local = to_c(connection.local);
    made.remote = to_c(connection.remote);
    made.uid = connection.uid;
    if (connection.owner) {
        made.valid |= SOCKLEDGER_CONNECTION_OWNER;
        made.owner_pid = connection.owner->pid;
        made.owner_start_ticks = connection.owner->start_ticks;
    }
    if (connection.interface) {
        made.valid |= SOCKLEDGER_CONNECTION_INTERFACE;
        made.ifindex = connection.interface->ifindex;
    }
    made.app = connection.app.c_str();
    made.age_ns = static_cast<std::uint64_t>(connection.age.count());
    set(made.rtt_us, made.valid, SOCKLEDGER_CONNECTION_RTT, connection.rtt_us);
    set(made.retransmits, made.valid, SOCKLEDGER_CONNECTION_RETRANSMITS, connection.retransmits);
    made.traffic = to_c(connection.traffic);
    return made;
}

sockledger_source_status to_c(const SourceStatus& source) {
    sockledger_source_status made{};
    made.name = source.name.c_str();
    made.accuracy = number(source.accuracy);
    made.lost_bytes = source.lost_bytes;
    made.lost_events = source.lost_events;
    made.took_ns = static_cast<std::uint64_t>(source.took.count());
    made.detail = source.detail.c_str();
    return made;
}

sockledger_shown_app to_c(const ShownApp& app) {
    sockledger_shown_app made{};
    made.id = app.id.c_str();
    made.name = app.name.c_str();
    made.accuracy = number(app.accuracy);
    made.processes = app.processes;
    made.rx_bytes = app.rx_bytes;
    made.tx_bytes = app.tx_bytes;
    made.connections = to_c(app.connections);
    return made;
}

sockledger_usage_row to_c(const UsageRow& row) {
    sockledger_usage_row made{};
    made.from = row.window.from.count();
    made.to = row.window.to.count();
    made.app = row.app.c_str();
    made.name = row.name.c_str();
    made.interface = row.interface.c_str();
    made.rx_bytes = row.rx_bytes;
    made.tx_bytes = row.tx_bytes;
    made.accuracy = number(row.accuracy);
    return made;
}

sockledger_usage_summary to_c(const Usage& usage) {
    sockledger_usage_summary made{};
    made.from = usage.window.from.count();
    made.to = usage.window.to.count();
    made.step_seconds = usage.step.count();
    made.rx_bytes = usage.rx_bytes;
    made.tx_bytes = usage.tx_bytes;
    return made;
}

sockledger_usage_gap to_c(const UsageGap& gap) {
    sockledger_usage_gap made{};
    made.from = gap.window.from.count();
    made.to = gap.window.to.count();
    made.interface = gap.interface.c_str();
    made.rx_bytes = gap.rx_bytes;
    made.tx_bytes = gap.tx_bytes;
    return made;
}

sockledger_alert to_c(const Alert& alert) {
    sockledger_alert made{};
    made.number = alert.number;
    made.rule = alert.rule.c_str();
    made.text = alert.text.c_str();
    made.subject = alert.subject.c_str();
    made.name = alert.name.c_str();
    made.active = alert.active;
    made.kind = number(alert.kind);
    made.raised = alert.raised.count();
    made.value = alert.value;
    made.threshold = alert.threshold;
    made.cleared = alert.cleared ? alert.cleared->count() : 0;
    return made;
}

} // namespace sockledger::c_api
