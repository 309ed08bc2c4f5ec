// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/snapshot_json.hpp"

#include "service/derived.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace sockledger {

namespace json = boost::json;

namespace {

template<typename T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

json::value rate(const std::optional<double>& value, Accuracy accuracy) {
    if (!value || accuracy == Accuracy::Unavailable || !std::isfinite(*value))
        return nullptr;
    return *value;
}

json::value count(std::uint64_t value, Accuracy accuracy) {
    return accuracy == Accuracy::Unavailable ? json::value(nullptr) : json::value(value);
}

json::object name_of(const InterfaceId& id, const Snapshot& snapshot) {
    const Interface* interface = snapshot.interface(id);
    return {{"name", interface ? json::value(interface->name) : json::value(nullptr)},
            {"netns", id.netns},
            {"ifindex", id.ifindex}};
}

json::value name_of(const std::optional<InterfaceId>& id, const Snapshot& snapshot) {
    return id ? json::value(name_of(*id, snapshot)) : json::value(nullptr);
}

json::object process_id(const ProcessId& id) {
    return {{"pid", id.pid}, {"start_ticks", id.start_ticks}};
}

json::object to_json(const ConnectionCounts& counts) {
    return {{"total", counts.total}, {"tcp", counts.tcp},       {"udp", counts.udp},
            {"other", counts.other}, {"listen", counts.listen}, {"established", counts.established}};
}

std::string address_text(const Endpoint& endpoint) {
    if (endpoint.ipv6)
        return boost::asio::ip::address_v6(endpoint.address).to_string();
    boost::asio::ip::address_v4::bytes_type bytes{};
    std::copy_n(endpoint.address.begin(), bytes.size(), bytes.begin());
    return boost::asio::ip::address_v4(bytes).to_string();
}

json::object to_json(const Endpoint& endpoint) {
    return {{"address", address_text(endpoint)}, {"port", endpoint.port}};
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

template<typename Rows, typename Make>
json::array rows(const Rows& selected, Make make) {
    json::array array;
    array.reserve(selected.size());
    for (const auto* row : selected)
        array.push_back(make(*row));
    return array;
}

} // namespace

json::object to_json(const Traffic& traffic) {
    const Accuracy known = traffic.accuracy;
    return {{"rx_bytes", count(traffic.rx_bytes, known)},
            {"tx_bytes", count(traffic.tx_bytes, known)},
            {"rx_packets", count(traffic.rx_packets, known)},
            {"tx_packets", count(traffic.tx_packets, known)},
            {"rx_rate", rate(traffic.rx_rate, known)},
            {"tx_rate", rate(traffic.tx_rate, known)},
            {"accuracy", to_string(known)}};
}

json::object to_json(const SourceStatus& source) {
    return {{"name", source.name},
            {"accuracy", to_string(source.accuracy)},
            {"lost_bytes", source.lost_bytes},
            {"lost_events", source.lost_events},
            {"took_s", seconds(source.took)},
            {"detail", source.detail}};
}

json::object to_json(const Interface& interface, const Snapshot& snapshot) {
    json::array addresses;
    for (const InterfaceAddress& own : interface.addresses)
        addresses.push_back(json::object{{"address", own.address}, {"prefix_length", own.prefix_length}});
    return {{"name", interface.name},
            {"netns", interface.id.netns},
            {"ifindex", interface.id.ifindex},
            {"kind", to_string(interface.kind)},
            {"up", interface.up},
            {"loopback", interface.loopback},
            {"default_route", interface.default_route},
            {"lower", name_of(interface.lower, snapshot)},
            {"master", name_of(interface.master, snapshot)},
            {"addresses", std::move(addresses)},
            {"total", to_json(interface.total)},
            {"apps", to_json(interface.apps)},
            {"kernel", to_json(interface.kernel)},
            {"unattributed", to_json(interface.unattributed)},
            {"rx_errors", interface.rx_errors},
            {"tx_errors", interface.tx_errors},
            {"rx_dropped", interface.rx_dropped},
            {"tx_dropped", interface.tx_dropped},
            {"device_rx_bytes", interface.device_rx_bytes},
            {"device_tx_bytes", interface.device_tx_bytes}};
}

json::object to_json(const App& app, const Snapshot& snapshot) {
    json::array processes;
    for (const ProcessId& id : app.processes)
        processes.push_back(process_id(id));
    json::array by_interface;
    for (const auto& [id, traffic] : app.by_interface) {
        json::object part = name_of(id, snapshot);
        part["traffic"] = to_json(traffic);
        by_interface.push_back(std::move(part));
    }
    return {{"id", app.id},
            {"name", app.name},
            {"icon", app.icon},
            {"traffic", to_json(app.traffic)},
            {"loopback", to_json(app.loopback)},
            {"by_interface", std::move(by_interface)},
            {"connections", to_json(app.connections)},
            {"processes", std::move(processes)}};
}

json::object to_json(const Process& process) {
    return {{"pid", process.id.pid},
            {"start_ticks", process.id.start_ticks},
            {"name", process_name(process)},
            {"comm", process.comm},
            {"exe", process.exe},
            {"command_line", json::value_from(process.command_line)},
            {"user", process.user},
            {"uid", process.uid},
            {"parent_pid", process.parent_pid},
            {"cgroup", process.cgroup},
            {"app", process.app},
            {"alive", process.alive},
            {"traffic", to_json(process.traffic)},
            {"loopback", to_json(process.loopback)},
            {"connections", to_json(process.connections)}};
}

json::object to_json(const Connection& connection, const Snapshot& snapshot) {
    const Process* process = connection.owner ? snapshot.process(*connection.owner) : nullptr;
    return {
        {"protocol", to_string(connection.protocol)},
        {"state", to_string(connection.state)},
        {"local", to_json(connection.local)},
        {"remote", to_json(connection.remote)},
        {"netns", connection.id.netns},
        {"cookie", connection.id.cookie},
        {"pid", connection.owner ? json::value(connection.owner->pid) : json::value(nullptr)},
        {"start_ticks", connection.owner ? json::value(connection.owner->start_ticks) : json::value(nullptr)},
        {"process", process ? json::value(process_name(*process)) : json::value(nullptr)},
        {"app", connection.app.empty() ? json::value(nullptr) : json::value(connection.app)},
        {"uid", connection.uid},
        {"traffic", to_json(connection.traffic)},
        {"rtt_us", or_null(connection.rtt_us)},
        {"retransmits", or_null(connection.retransmits)}};
}

json::object to_json(const Snapshot& snapshot, std::string_view name, JsonSections sections,
                     const Selection& selection) {
    json::array sources;
    for (const SourceStatus& source : snapshot.sources)
        sources.push_back(to_json(source));
    json::array total_of;
    for (const InterfaceId& id : snapshot.total_of)
        total_of.push_back(name_of(id, snapshot));
    json::object document{
        {"schema", "io.sockledger." + std::string(name)},
        {"version", json_version},
        {"sequence", snapshot.sequence},
        {"time", rfc3339(snapshot.time.realtime)},
        {"boottime_s", seconds(snapshot.time.boottime)},
        {"interval_s", snapshot.interval.count() > 0 ? json::value(seconds(snapshot.interval)) : nullptr},
        {"netns", snapshot.netns},
        {"app_accuracy", to_string(app_accuracy(snapshot))},
        {"sources", std::move(sources)},
        {"total", to_json(snapshot.total)},
        {"total_of", std::move(total_of)}};
    if (sections.interfaces)
        document["interfaces"] = rows(select_interfaces(snapshot, selection),
                                      [&](const Interface& row) { return to_json(row, snapshot); });
    if (sections.apps)
        document["apps"] =
            rows(select_apps(snapshot, selection), [&](const App& row) { return to_json(row, snapshot); });
    if (sections.processes)
        document["processes"] =
            rows(select_processes(snapshot, selection), [](const Process& row) { return to_json(row); });
    if (sections.connections)
        document["connections"] = rows(select_connections(snapshot, selection),
                                       [&](const Connection& row) { return to_json(row, snapshot); });
    return document;
}

std::string rfc3339(std::chrono::nanoseconds realtime) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(realtime);
    const std::time_t clock = whole.count();
    std::tm utc{};
    gmtime_r(&clock, &utc);
    char day[32];
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    char text[64];
    std::snprintf(text, sizeof text, "%s.%09lldZ", day, static_cast<long long>((realtime - whole).count()));
    return text;
}

} // namespace sockledger
