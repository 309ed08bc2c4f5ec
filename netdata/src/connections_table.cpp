// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "table_cells.hpp"
#include "tables.hpp"

#include <sockledger/derived.hpp>
#include <sockledger/listeners.hpp>
#include <sockledger/names.hpp>

#include <cstdint>
#include <map>
#include <string_view>

namespace sockledger::netdata {

namespace json = boost::json;

namespace {

using Kind = Column::Kind;

/// What both tables of connections say of one.
struct Described {
    std::string_view direction;
    std::string app;
    std::string remote;
    std::string service;
    auto operator<=>(const Described&) const = default;
};

Described describe(const Connection& connection, const Snapshot& snapshot, const Listeners& listeners) {
    Described made;
    made.direction = to_string(listeners.direction(connection));
    made.app = app_name(snapshot, connection.app);
    made.remote = address_or_any(connection.remote);
    const std::uint16_t port = listeners.service_port(connection);
    made.service = service_name(connection.protocol, port);
    if (made.service.empty())
        made.service = std::to_string(port);
    return made;
}

json::value milliseconds(const std::optional<std::uint32_t>& rtt_us) {
    return rtt_us ? json::value(*rtt_us / 1000.0) : json::value(nullptr);
}

void describe_groups(Table& table) {
    table.sort_by("ReceivedRate");
    table.group_by({"App", "Application"});
    table.group_by({"Protocol", "Protocol"});
    table.chart("Rates", "Rates", {"ReceivedRate", "SentRate"});
    table.chart("Totals", "Totals", {"Received", "Sent"});
}

Table detailed(const Snapshot& snapshot, std::size_t most) {
    Table table({{"Direction", "Direction", Kind::Name},
                 {"Protocol", "Protocol", Kind::Name},
                 {"State", "State", Kind::Name},
                 {"App", "Application", Kind::Name, true, false, true},
                 {"Process", "Process", Kind::Text},
                 {"PID", "PID", Kind::Number},
                 {"User", "User", Kind::Name},
                 {"LocalIP", "Local address", Kind::Text},
                 {"LocalPort", "Local port", Kind::Number},
                 {"RemoteIP", "Remote address", Kind::Text},
                 {"RemotePort", "Remote port", Kind::Number},
                 {"RemoteAddressSpace", "Remote is", Kind::Name, false},
                 {"Portname", "Service", Kind::Text},
                 {"ReceivedRate", "Receives", Kind::Rate},
                 {"SentRate", "Sends", Kind::Rate},
                 {"Received", "Received", Kind::Amount},
                 {"Sent", "Sent", Kind::Amount},
                 {"RTT", "Round trip", Kind::Duration},
                 {"Retrans", "Retransmitted", Kind::Count},
                 {"Accuracy", "Accuracy", Kind::Name, false},
                 {"Socket", "Socket", Kind::Text, false, true}});
    const Listeners listeners(snapshot);
    for (const Connection* connection : busiest_rows(snapshot.connections, most)) {
        const Described said = describe(*connection, snapshot, listeners);
        const Process* const process = connection->owner ? snapshot.process(*connection->owner) : nullptr;
        json::array row{said.direction, to_string(connection->protocol), to_string(connection->state),
                        said.app};
        row.emplace_back(process ? json::value(process->comm) : json::value(nullptr));
        row.emplace_back(connection->owner ? json::value(connection->owner->pid) : json::value(nullptr));
        row.emplace_back(process ? process->user : std::to_string(connection->uid));
        row.emplace_back(address_or_any(connection->local));
        row.emplace_back(connection->local.port);
        row.emplace_back(said.remote);
        row.emplace_back(connection->remote.port);
        row.emplace_back(to_string(connection->scope));
        row.emplace_back(said.service);
        add_traffic(row, connection->traffic);
        row.emplace_back(milliseconds(connection->rtt_us));
        row.emplace_back(connection->retransmits ? json::value(*connection->retransmits)
                                                 : json::value(nullptr));
        row.emplace_back(to_string(connection->traffic.accuracy));
        row.emplace_back(std::to_string(connection->id.netns) + "-" + std::to_string(connection->id.cookie));
        table.add_row(std::move(row),
                      connection->retransmits.value_or(0) > 100 ? Severity::Notice : Severity::Normal);
    }
    describe_groups(table);
    table.group_by({"RemoteIP", "Remote address"});
    return table;
}

Table aggregated(const Snapshot& snapshot, std::size_t most) {
    struct Group {
        std::uint64_t count = 0;
        Traffic traffic{.rx_rate = 0, .tx_rate = 0, .accuracy = Accuracy::Exact};
        std::optional<std::uint32_t> rtt_us;
        std::uint64_t retransmits = 0;
    };
    std::map<std::tuple<Described, Protocol, SocketState>, Group> groups;
    const Listeners listeners(snapshot);
    for (const Connection& connection : snapshot.connections) {
        Group& group =
            groups[{describe(connection, snapshot, listeners), connection.protocol, connection.state}];
        ++group.count;
        group.traffic.rx_bytes += connection.traffic.rx_bytes;
        group.traffic.tx_bytes += connection.traffic.tx_bytes;
        *group.traffic.rx_rate += connection.traffic.rx_rate.value_or(0);
        *group.traffic.tx_rate += connection.traffic.tx_rate.value_or(0);
        group.traffic.accuracy = worst(group.traffic.accuracy, connection.traffic.accuracy);
        group.rtt_us = std::max(group.rtt_us, connection.rtt_us);
        group.retransmits += connection.retransmits.value_or(0);
    }
    Table table({{"Direction", "Direction", Kind::Name},
                 {"Protocol", "Protocol", Kind::Name},
                 {"State", "State", Kind::Name},
                 {"App", "Application", Kind::Name, true, false, true},
                 {"RemoteIP", "Remote address", Kind::Text},
                 {"Portname", "Service", Kind::Text},
                 {"ReceivedRate", "Receives", Kind::Rate},
                 {"SentRate", "Sends", Kind::Rate},
                 {"Received", "Received", Kind::Amount},
                 {"Sent", "Sent", Kind::Amount},
                 {"RTT", "Longest round trip", Kind::Duration},
                 {"Retrans", "Retransmitted", Kind::Count},
                 {"Count", "Sockets", Kind::Count},
                 {"Key", "Key", Kind::Text, false, true}});
    for (const auto& [key, group] : groups) {
        if (table.size() == most)
            break;
        const auto& [said, protocol, state] = key;
        json::array row{said.direction, to_string(protocol), to_string(state),
                        said.app,       said.remote,         said.service};
        add_traffic(row, group.traffic);
        row.emplace_back(milliseconds(group.rtt_us));
        row.emplace_back(group.retransmits);
        row.emplace_back(group.count);
        row.emplace_back(std::to_string(table.size()));
        table.add_row(std::move(row));
    }
    describe_groups(table);
    table.aggregated("Count", "unique combinations", "sockets");
    return table;
}

Table processes(const Snapshot& snapshot, std::size_t most) {
    Table table({{"Process", "Process", Kind::Text, true, false, true},
                 {"PID", "PID", Kind::Number, true, true},
                 {"App", "Application", Kind::Name},
                 {"User", "User", Kind::Name},
                 {"ReceivedRate", "Receives", Kind::Rate},
                 {"SentRate", "Sends", Kind::Rate},
                 {"Received", "Received", Kind::Amount},
                 {"Sent", "Sent", Kind::Amount},
                 {"Connections", "Connections", Kind::Count},
                 {"TCP", "TCP", Kind::Count},
                 {"UDP", "UDP", Kind::Count},
                 {"Program", "Program", Kind::Text, false},
                 {"Accuracy", "Accuracy", Kind::Name, false}});
    for (const Process* process : busiest_rows(snapshot.processes, most)) {
        if (!process->alive)
            continue; // a pid that may be another's by now
        json::array row{process->comm, process->id.pid, app_name(snapshot, process->app), process->user};
        add_traffic(row, process->traffic);
        for (const std::uint32_t count :
             {process->connections.total, process->connections.tcp, process->connections.udp})
            row.emplace_back(count);
        row.emplace_back(process->exe);
        row.emplace_back(to_string(process->traffic.accuracy));
        table.add_row(std::move(row));
    }
    table.sort_by("ReceivedRate");
    table.group_by({"App", "Application"});
    table.group_by({"User", "User"});
    table.chart("Rates", "Rates", {"ReceivedRate", "SentRate"});
    table.chart("Totals", "Totals", {"Received", "Sent"});
    return table;
}

} // namespace

TableDescription connections_description(const Settings& settings) {
    return {"Every socket of this machine with its application, its bytes and its round trip time.",
            settings.update_every,
            {{"connections", "Connections"},
             {"aggregated", "Connections, those of one application to one service together"},
             {"processes", "Processes"}}};
}

std::string connections_table(const Snapshot& snapshot, const Settings& settings, const std::string& view,
                              const std::string& note, std::int64_t expires) {
    TableDescription description = connections_description(settings);
    if (!note.empty())
        description.help = note + " " + description.help;
    const std::size_t most = settings.function_rows;
    const Table table = view == "aggregated"  ? aggregated(snapshot, most)
                        : view == "processes" ? processes(snapshot, most)
                                              : detailed(snapshot, most);
    return table.body(description, expires);
}

} // namespace sockledger::netdata
