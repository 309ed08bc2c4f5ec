// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "columns.hpp"

#include "service/derived.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace sockledger::cli {

namespace {

Cell text(std::string_view words) {
    return {std::string(words)};
}

Cell number(std::uint64_t count) {
    return {count};
}

Cell absent() {
    return {};
}

const App& app(const Item& item) {
    return *std::get<const App*>(item);
}
const Process& process(const Item& item) {
    return *std::get<const Process*>(item);
}
const Connection& connection(const Item& item) {
    return *std::get<const Connection*>(item);
}
const Interface& interface(const Item& item) {
    return *std::get<const Interface*>(item);
}

using R = const Item&;
using C = const Context&;

constexpr Column rx_rate_column{
    "rx_rate", "{down} rate", Width::Rate, 0, 0, 90, [](R r, C c) { return rx_rate(traffic_of(r, c)); },
    {},        Hue::Down};
constexpr Column tx_rate_column{
    "tx_rate", "{up} rate", Width::Rate, 0, 0, 89, [](R r, C c) { return tx_rate(traffic_of(r, c)); },
    {},        Hue::Up};
constexpr Column rx_total_column{
    "rx_total", "{down} total", Width::Bytes, 0, 0, 70, [](R r, C c) { return rx_total(traffic_of(r, c)); }};
constexpr Column tx_total_column{
    "tx_total", "{up} total", Width::Bytes, 0, 0, 69, [](R r, C c) { return tx_total(traffic_of(r, c)); }};

constexpr Column name_column(std::string_view title, int least, int most) {
    return {"name", title, Width::Text, least, most, 100, [](R r, C c) { return text(name_of(r, c)); }};
}

constexpr std::array app_columns{
    name_column("app", 24, 40),
    rx_rate_column,
    tx_rate_column,
    rx_total_column,
    tx_total_column,
    Column{"connections", "conn", Width::Number, 5, 0, 60,
           [](R r, C) { return number(app(r).connections.total); }},
    Column{"processes", "procs", Width::Number, 6, 0, 50,
           [](R r, C) { return number(app(r).processes.size()); }},
    Column{"listen", "listen", Width::Number, 7, 0, 20,
           [](R r, C) { return number(app(r).connections.listen); }},
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
    Column{"connections", "conn", Width::Number, 5, 0, 60,
           [](R r, C) { return number(process(r).connections.total); }},
    Column{"app", "app", Width::Text, 10, 24, 30,
           [](R r, C c) { return text(app_name(c.snapshot, process(r).app)); }},
    Column{"exe", "program", Width::Text, 16, 60, 10, [](R r, C) { return text(process(r).exe); }},
};

bool has_states(Protocol protocol) {
    return protocol == Protocol::Tcp || protocol == Protocol::Sctp || protocol == Protocol::Dccp;
}

// UDP and raw sockets have no states; the kernel's "CLOSE" would only mislead.
Cell state_cell(R item, C) {
    const Connection& row = connection(item);
    return text(has_states(row.protocol) || row.state == SocketState::Established ? to_string(row.state)
                                                                                  : "");
}

Cell remote_cell(R item, C) {
    const Endpoint& remote = connection(item).remote;
    return text(remote.port == 0 && remote.address == Endpoint{}.address ? "*" : to_string(remote));
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

constexpr std::array connection_columns{
    Column{"protocol", "proto", Width::Text, 6, 7, 85,
           [](R r, C) { return text(to_string(connection(r).protocol)); }},
    Column{"name", "process", Width::Text, 10, 24, 100, holder_cell},
    Column{"pid", "pid", Width::Number, 7, 0, 30, owner_cell},
    Column{"port", "port", Width::Number, 5, 0, 80, [](R r, C) { return number(connection(r).local.port); }},
    Column{"local", "local", Width::Text, 15, 47, 50,
           [](R r, C) { return text(to_string(connection(r).local)); }, "port"},
    Column{"remote", "remote", Width::Text, 15, 47, 95, remote_cell},
    Column{"state", "state", Width::Text, 11, 12, 75, state_cell},
    rx_rate_column,
    tx_rate_column,
    rx_total_column,
    tx_total_column,
    Column{"rtt", "rtt", Width::Number, 8, 0, 45, rtt_cell},
    Column{"retransmits", "retr", Width::Number, 5, 0, 20, retransmits_cell},
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

// "apps + kernel + unattributed = total", both directions together.
constexpr std::array interface_columns{
    name_column("interface", 9, 15),
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
        return connection_columns;
    case View::Interfaces:
        return interface_columns;
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
    const Connection& row = connection(item);
    if (row.id.cookie != 0)
        return mixed(row.id.netns, row.id.cookie);
    // TIME_WAIT and the like have no cookie everywhere; their addresses are all the identity there is.
    return mixed(mixed(row.id.netns, static_cast<RowKey>(row.protocol)),
                 mixed(endpoint_key(row.local), endpoint_key(row.remote)));
}

std::string name_of(const Item& item, const Context& context) {
    if (const auto* row = std::get_if<const App*>(&item))
        return (*row)->name.empty() ? (*row)->id : (*row)->name;
    if (const auto* row = std::get_if<const Process*>(&item))
        return process_name(**row) + ((*row)->alive ? "" : " (exited)");
    if (const auto* row = std::get_if<const Interface*>(&item))
        return (*row)->name;
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
    return interface(item).total;
}

} // namespace sockledger::cli
