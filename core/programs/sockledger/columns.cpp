// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "column_parts.hpp"

#include <sockledger/derived.hpp>

#include <algorithm>
#include <array>
#include <functional>

namespace sockledger::cli {

namespace {

// Of an app or a process.
const ConnectionCounts& counts(const Item& item) {
    const auto* const row = std::get_if<const App*>(&item);
    return row ? (*row)->connections : process(item).connections;
}

std::string other_states(const ConnectionCounts& counts) {
    std::string words;
    for (std::size_t i = 0; i < socket_states; ++i) {
        const auto state = static_cast<SocketState>(i);
        if (counts.tcp_states[i] != 0 && state != SocketState::Established && state != SocketState::Listen)
            words.append(words.empty() ? "" : ", ")
                .append(std::to_string(counts.tcp_states[i]))
                .append(" ")
                .append(to_string(state));
    }
    return words;
}

template<std::uint32_t ConnectionCounts::*count>
constexpr Column count_column(std::string_view id, std::string_view title, int least, int keep) {
    return {id, title, Width::Number, least, 0, keep, [](R r, C) { return number(counts(r).*count); }};
}
constexpr Column connections_column = count_column<&ConnectionCounts::total>("connections", "conn", 5, 60);
constexpr Column tcp_column = count_column<&ConnectionCounts::tcp>("tcp", "tcp", 5, 24);
constexpr Column udp_column = count_column<&ConnectionCounts::udp>("udp", "udp", 5, 23);
constexpr Column established_column =
    count_column<&ConnectionCounts::established>("established", "estab", 6, 22);
constexpr Column listen_column = count_column<&ConnectionCounts::listen>("listen", "listen", 7, 21);
constexpr Column states_column{
    "states", "other states", Width::Text, 13, 40, 18, [](R r, C) { return text(other_states(counts(r))); }};

constexpr std::array app_columns{
    name_column("app", 24, 40),
    rx_rate_column,
    tx_rate_column,
    rx_total_column,
    tx_total_column,
    connections_column,
    Column{"processes", "procs", Width::Number, 6, 0, 50,
           [](R r, C) { return number(app(r).processes.size()); }},
    tcp_column,
    udp_column,
    established_column,
    listen_column,
    states_column,
    Column{"id", "id", Width::Text, 16, 60, 10, [](R r, C) { return text(app(r).id); }},
};

constexpr std::array process_columns{
    Column{"pid", "pid", Width::Number, 7, 0, 95, [](R r, C) { return number(process(r).id.pid); }},
    name_column("process", 16, 30),
    Column{"user", "user", Width::Text, 8, 12, 40, [](R r, C) { return text(process(r).user); }},
    rx_rate_column,
    tx_rate_column,
    rx_total_column,
    tx_total_column,
    connections_column,
    tcp_column,
    udp_column,
    established_column,
    listen_column,
    states_column,
    Column{"app", "app", Width::Text, 10, 24, 30,
           [](R r, C c) { return text(app_name(c.snapshot, process(r).app)); }},
    Column{"exe", "program", Width::Text, 16, 60, 10, [](R r, C) { return text(process(r).exe); }},
};

Cell addresses_cell(R item, C) {
    std::string list;
    for (const InterfaceAddress& own : interface(item).addresses)
        list.append(list.empty() ? "" : " ")
            .append(own.address)
            .append("/")
            .append(std::to_string(own.prefix_length));
    return text(list);
}

std::string_view cause_word(UnattributedCause cause) {
    switch (cause) {
    case UnattributedCause::None:
        return "";
    case UnattributedCause::NoSocket:
        return "no socket";
    case UnattributedCause::Forwarded:
        return "forwarded";
    case UnattributedCause::Bridged:
        return "bridged";
    case UnattributedCause::OtherNetns:
        return "of another netns";
    case UnattributedCause::Encapsulated:
        return "of a tunnel";
    case UnattributedCause::NotCounted:
        return "not counted";
    }
    return "";
}

// "apps + kernel + unattributed = total", both directions together.
constexpr std::array interface_columns{
    name_column("interface", 12, 24),
    Column{"kind", "kind", Width::Text, 8, 9, 75, [](R r, C) { return text(to_string(interface(r).kind)); }},
    Column{"state", "", Width::Text, 4, 0, 72, [](R r, C) { return text(interface(r).up ? "up" : "down"); }},
    rx_rate_column,
    tx_rate_column,
    Column{"total", "total", Width::Bytes, 0, 0, 88, [](R r, C) { return both_totals(interface(r).total); }},
    Column{"apps", "apps", Width::Bytes, 0, 0, 84, [](R r, C) { return both_totals(interface(r).apps); }},
    Column{"kernel", "kernel", Width::Bytes, 0, 0, 82,
           [](R r, C) { return both_totals(interface(r).kernel); }},
    Column{"unattributed", "unattr.", Width::Bytes, 0, 0, 83,
           [](R r, C) { return both_totals(interface(r).unattributed); }},
    Column{"cause", "which is", Width::Text, 11, 16, 71,
           [](R r, C) { return text(cause_word(interface(r).unattributed_cause)); }},
    rx_total_column,
    tx_total_column,
    Column{"errors", "errors", Width::Number, 7, 0, 45,
           [](R r, C) { return number(interface(r).rx_errors + interface(r).tx_errors); }},
    Column{"dropped", "drops", Width::Number, 6, 0, 44,
           [](R r, C) { return number(interface(r).rx_dropped + interface(r).tx_dropped); }},
    Column{"addresses", "addresses", Width::Text, 15, 80, 10, addresses_cell},
};

RowKey mixed(RowKey seed, RowKey value) {
    return seed ^ (value + 0x9e3779b97f4a7c15u + (seed << 6) + (seed >> 2));
}

RowKey endpoint_key(const Endpoint& endpoint) {
    const std::string_view bytes(reinterpret_cast<const char*>(endpoint.address.data()),
                                 endpoint.address.size());
    return mixed(std::hash<std::string_view>{}(bytes), endpoint.port);
}

template<typename Rows>
std::vector<Item> items(const Rows& rows) {
    return {rows.begin(), rows.end()};
}

} // namespace

std::string_view view_name(View view) {
    switch (view) {
    case View::Apps:
        return "apps";
    case View::Processes:
        return "processes";
    case View::Connections:
        return "connections";
    case View::Interfaces:
        return "interfaces";
    case View::Remotes:
        return "remotes";
    }
    return "";
}

std::span<const Column> columns_of(View view) {
    switch (view) {
    case View::Apps:
        return app_columns;
    case View::Processes:
        return process_columns;
    case View::Connections:
        return connection_columns();
    case View::Interfaces:
        return interface_columns;
    case View::Remotes:
        return remote_columns();
    }
    return {};
}

const Column* find_column(View view, std::string_view id) {
    const auto columns = columns_of(view);
    auto it = std::ranges::find(columns, id, &Column::id);
    return it != columns.end() ? &*it : nullptr;
}

std::string column_title(const Column& column, const Glyphs& signs) {
    std::string title(column.title);
    if (title.starts_with("{down}"))
        title.replace(0, 6, signs.down_title);
    else if (title.starts_with("{up}"))
        title.replace(0, 4, signs.up_title);
    return title;
}

int column_least(const Column& column, Units units) {
    switch (column.width) {
    case Width::Rate:
        return rate_width(units);
    case Width::Bytes:
        return bytes_width(units);
    case Width::Text:
    case Width::Number:
        break;
    }
    return column.least;
}

std::vector<Item> select(View view, const Context& context) {
    switch (view) {
    case View::Apps:
        return items(select_apps(context.snapshot, context.selection));
    case View::Processes:
        return items(select_processes(context.snapshot, context.selection));
    case View::Connections:
        return items(select_connections(context.snapshot, context.selection));
    case View::Interfaces:
        return items(select_interfaces(context.snapshot, context.selection));
    case View::Remotes:
        break;
    }
    return {};
}

RowKey key_of(const Item& item) {
    if (const auto* row = std::get_if<const App*>(&item))
        return std::hash<std::string_view>{}((*row)->id);
    if (const auto* row = std::get_if<const Process*>(&item))
        return mixed((*row)->id.pid, (*row)->id.start_ticks);
    if (const auto* row = std::get_if<const Interface*>(&item))
        return mixed((*row)->id.netns, (*row)->id.ifindex);
    if (const auto* row = std::get_if<const Remote*>(&item))
        return mixed(mixed(std::hash<std::string_view>{}((*row)->app), endpoint_key((*row)->endpoint)),
                     mixed(static_cast<RowKey>((*row)->protocol), (*row)->own_port));
    const Connection& row = connection(item);
    if (row.id.cookie != 0)
        return mixed(row.id.netns, row.id.cookie);
    // TIME_WAIT and the like have no cookie everywhere; their addresses are all the identity there is.
    return mixed(mixed(row.id.netns, static_cast<RowKey>(row.protocol)),
                 mixed(endpoint_key(row.local), endpoint_key(row.remote)));
}

std::string interface_name(const Interface& interface, const Snapshot& snapshot) {
    if (interface.id.netns == snapshot.netns)
        return interface.name;
    return interface.name + "@" +
           (interface.netns_name.empty() ? std::to_string(interface.id.netns) : interface.netns_name);
}

std::string name_of(const Item& item, const Context& context) {
    if (const auto* row = std::get_if<const App*>(&item))
        return (*row)->name.empty() ? (*row)->id : (*row)->name;
    if (const auto* row = std::get_if<const Process*>(&item))
        return process_name(**row) + ((*row)->alive ? "" : " (exited)");
    if (const auto* row = std::get_if<const Interface*>(&item))
        return interface_name(**row, context.snapshot);
    if (const auto* row = std::get_if<const Remote*>(&item))
        return std::string(app_name(context.snapshot, (*row)->app));
    const Connection& row = connection(item);
    const Process* owner = row.owner ? context.snapshot.process(*row.owner) : nullptr;
    if (owner)
        return process_name(*owner);
    return row.app.empty() ? "" : std::string(app_name(context.snapshot, row.app));
}

Traffic traffic_of(const Item& item, const Context& context) {
    if (const auto* row = std::get_if<const App*>(&item))
        return traffic_of(**row, context.snapshot, context.selection);
    if (const auto* row = std::get_if<const Process*>(&item))
        return traffic_of(**row, context.selection);
    if (const auto* row = std::get_if<const Connection*>(&item))
        return (*row)->traffic;
    if (const auto* row = std::get_if<const Remote*>(&item))
        return (*row)->traffic;
    return interface(item).total;
}

} // namespace sockledger::cli
