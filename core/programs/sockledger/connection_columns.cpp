// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "column_parts.hpp"

#include <array>
#include <chrono>

namespace sockledger::cli {

namespace {

bool has_states(Protocol protocol) {
    return protocol == Protocol::Tcp || protocol == Protocol::Sctp || protocol == Protocol::Dccp;
}

// UDP and raw sockets have no states; the kernel's "CLOSE" would only mislead.
Cell state_cell(R item, C) {
    const Connection& row = connection(item);
    return text(has_states(row.protocol) || row.state == SocketState::Established ? to_string(row.state)
                                                                                  : "");
}

Cell service_cell(R item, C context) {
    const Connection& row = connection(item);
    return text(service_name(row.protocol, context.listeners.service_port(row)));
}

Cell remote_service_cell(R item, C) {
    const Remote& row = remote(item);
    return text(service_name(row.protocol, row.own_port != 0 ? row.own_port : row.endpoint.port));
}

std::string_view scope_words(Scope scope) {
    return scope == Scope::Unspecified ? "" : to_string(scope);
}

Cell age_cell(R item, C) {
    return {Age{std::chrono::floor<std::chrono::seconds>(connection(item).age)}};
}

Cell retransmits_cell(R item, C) {
    const auto& count = connection(item).retransmits;
    return count ? number(*count) : absent();
}

Cell rtt_cell(R item, C) {
    const auto& rtt = connection(item).rtt_us;
    return rtt ? Cell{Milliseconds{*rtt / 1000.0}} : absent();
}

Cell owner_cell(R item, C) {
    const auto& owner = connection(item).owner;
    return owner ? number(owner->pid) : absent();
}

Cell holder_cell(R item, C context) {
    const std::string name = name_of(item, context);
    return name.empty() ? absent() : text(name);
}

constexpr std::array of_connections{
    Column{"protocol", "proto", Width::Text, 6, 7, 85,
           [](R r, C) { return text(to_string(connection(r).protocol)); }},
    Column{"name", "process", Width::Text, 10, 24, 100, holder_cell},
    Column{"pid", "pid", Width::Number, 7, 0, 30, owner_cell},
    Column{"port", "port", Width::Number, 5, 0, 80, [](R r, C) { return number(connection(r).local.port); }},
    Column{"local", "local", Width::Text, 15, 47, 50,
           [](R r, C) { return text(to_string(connection(r).local)); }, "port"},
    Column{"remote", "remote", Width::Text, 15, 47, 95, [](R r, C) { return Cell{connection(r).remote}; }},
    Column{"service", "service", Width::Text, 7, 12, 66, service_cell},
    Column{"scope", "scope", Width::Text, 8, 8, 64,
           [](R r, C) { return text(scope_words(connection(r).scope)); }},
    Column{"state", "state", Width::Text, 11, 12, 75, state_cell},
    rx_rate_column,
    tx_rate_column,
    rx_total_column,
    tx_total_column,
    Column{"rtt", "rtt", Width::Number, 8, 0, 45, rtt_cell},
    Column{"retransmits", "retr", Width::Number, 5, 0, 20, retransmits_cell},
    Column{"age", "age", Width::Number, 6, 0, 44, age_cell},
};

// "in": the peer came to a service of ours, which is the one that is named.
constexpr std::array of_remotes{
    name_column("app", 12, 30),
    Column{"remote", "remote", Width::Text, 15, 47, 95, [](R r, C) { return Cell{remote(r).endpoint}; }},
    Column{"direction", "", Width::Text, 3, 3, 40,
           [](R r, C) { return text(remote(r).own_port != 0 ? "in" : "out"); }},
    Column{"protocol", "proto", Width::Text, 6, 7, 50,
           [](R r, C) { return text(to_string(remote(r).protocol)); }},
    Column{"service", "service", Width::Text, 7, 12, 80, remote_service_cell},
    Column{"scope", "scope", Width::Text, 8, 8, 75,
           [](R r, C) { return text(scope_words(remote(r).scope)); }},
    Column{"connections", "conn", Width::Number, 5, 0, 72,
           [](R r, C) { return number(remote(r).connections); }},
    rx_rate_column,
    tx_rate_column,
    rx_total_column,
    tx_total_column,
};

} // namespace

std::span<const Column> connection_columns() {
    return of_connections;
}

std::span<const Column> remote_columns() {
    return of_remotes;
}

} // namespace sockledger::cli
