// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/address_text.hpp"
#include <sockledger/derived.hpp>

#include <sockledger/snapshot.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// The members of a Snapshot in JSON, for JsonWriter and JsonReader alike. What is derived() is there
/// for people; core/programs/sockledger/json.md and io.sockledger.varlink document all of it.
namespace sockledger {

/// "2026-01-02T03:04:05.123456789Z".
std::string rfc3339(std::chrono::nanoseconds realtime);

inline double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Traffic> traffic) {
    const bool known = traffic.accuracy != Accuracy::Unavailable;
    json.or_null("rx_bytes", traffic.rx_bytes, known);
    json.or_null("tx_bytes", traffic.tx_bytes, known);
    json.or_null("rx_packets", traffic.rx_packets, known);
    json.or_null("tx_packets", traffic.tx_packets, known);
    json.or_null("rx_rate", traffic.rx_rate, known);
    json.or_null("tx_rate", traffic.tx_rate, known);
    json("accuracy", traffic.accuracy);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<SourceStatus> source) {
    json("name", source.name);
    json("accuracy", source.accuracy);
    json("lost_bytes", source.lost_bytes);
    json("lost_events", source.lost_events);
    json.derived("took_s", [&](auto*) { return seconds(source.took); });
    json("took_ns", source.took);
    json("detail", source.detail);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<InterfaceId> id) {
    json.derived("name", [&](auto* snapshot) {
        const auto* const interface = snapshot->interface(id);
        return interface ? std::optional(std::string_view(interface->name)) : std::nullopt;
    });
    json("netns", id.netns);
    json("ifindex", id.ifindex);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<InterfaceAddress> own) {
    json("address", own.address);
    json("prefix_length", own.prefix_length);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Interface> interface) {
    json("name", interface.name);
    json("netns", interface.id.netns);
    json("ifindex", interface.id.ifindex);
    json.or_default("netns_name", interface.netns_name);
    json("kind", interface.kind);
    json("up", interface.up);
    json("loopback", interface.loopback);
    json("default_route", interface.default_route);
    json("lower", interface.lower);
    json("master", interface.master);
    json("addresses", interface.addresses);
    json("total", interface.total);
    json("apps", interface.apps);
    json("kernel", interface.kernel);
    json("unattributed", interface.unattributed);
    json.or_default("unattributed_cause", interface.unattributed_cause);
    json("rx_errors", interface.rx_errors);
    json("tx_errors", interface.tx_errors);
    json("rx_dropped", interface.rx_dropped);
    json("tx_dropped", interface.tx_dropped);
    json("device_rx_bytes", interface.device_rx_bytes);
    json("device_tx_bytes", interface.device_tx_bytes);
}

/// One entry of ConnectionCounts::tcp_states that is not zero.
struct StateCount {
    SocketState state = SocketState::Unknown;
    std::uint32_t count = 0;
};

template<typename Json>
void fields(Json& json, typename Json::template Ref<StateCount> part) {
    json("state", part.state);
    json("count", part.count);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<ConnectionCounts> counts) {
    json("total", counts.total);
    json("tcp", counts.tcp);
    json("udp", counts.udp);
    json("other", counts.other);
    json("listen", counts.listen);
    json("established", counts.established);
    std::vector<StateCount> states;
    if constexpr (!Json::reads)
        for (std::size_t state = 0; state < socket_states; ++state)
            if (counts.tcp_states[state] != 0)
                states.push_back({static_cast<SocketState>(state), counts.tcp_states[state]});
    json.or_default("tcp_states", states);
    if constexpr (Json::reads)
        for (const StateCount& part : states)
            counts.tcp_states[static_cast<std::size_t>(part.state)] = part.count;
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<ProcessId> id) {
    json("pid", id.pid);
    json("start_ticks", id.start_ticks);
}

/// One entry of App::by_interface.
struct AppInterface {
    InterfaceId id;
    Traffic traffic;
};

template<typename Json>
void fields(Json& json, typename Json::template Ref<AppInterface> part) {
    fields(json, part.id);
    json("traffic", part.traffic);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<App> app) {
    json("id", app.id);
    json("name", app.name);
    json("icon", app.icon);
    json("traffic", app.traffic);
    json("loopback", app.loopback);
    std::vector<AppInterface> parts;
    if constexpr (!Json::reads)
        for (const auto& [id, traffic] : app.by_interface)
            parts.push_back({id, traffic});
    json("by_interface", parts);
    if constexpr (Json::reads)
        for (const AppInterface& part : parts)
            app.by_interface[part.id] = part.traffic;
    json("connections", app.connections);
    json("processes", app.processes);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Process> process) {
    fields(json, process.id);
    json.derived("name", [&](auto*) { return process_name(process); });
    json("comm", process.comm);
    json("exe", process.exe);
    json("command_line", process.command_line);
    json("user", process.user);
    json("uid", process.uid);
    json("parent_pid", process.parent_pid);
    json("cgroup", process.cgroup);
    json("app", process.app);
    json("alive", process.alive);
    json("traffic", process.traffic);
    json("loopback", process.loopback);
    json("connections", process.connections);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Endpoint> endpoint) {
    if constexpr (Json::reads) {
        std::string text;
        json("address", text);
        if (const auto parsed = parse_address(text))
            endpoint = *parsed;
        else
            json.fail_at("address", "not an IP address");
    } else {
        json("address", address_text(endpoint));
    }
    json("port", endpoint.port);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Connection> connection) {
    json("protocol", connection.protocol);
    json("state", connection.state);
    json("local", connection.local);
    json("remote", connection.remote);
    json("netns", connection.id.netns);
    json("cookie", connection.id.cookie);
    std::optional<std::uint32_t> pid;
    std::optional<std::uint64_t> start_ticks;
    if constexpr (!Json::reads)
        if (connection.owner)
            std::tie(pid, start_ticks) = std::pair(connection.owner->pid, connection.owner->start_ticks);
    json("pid", pid);
    json("start_ticks", start_ticks);
    if constexpr (Json::reads)
        if (pid && start_ticks)
            connection.owner = ProcessId{*pid, *start_ticks};
    json.derived("process", [&](auto* snapshot) {
        const auto* const owner = connection.owner ? snapshot->process(*connection.owner) : nullptr;
        return owner ? std::optional(process_name(*owner)) : std::nullopt;
    });
    json.or_null("app", connection.app, !connection.app.empty());
    json("uid", connection.uid);
    json("traffic", connection.traffic);
    json.or_default("scope", connection.scope);
    json("interface", connection.interface);
    json.derived("age_s", [&](auto*) { return seconds(connection.age); });
    json.or_default("age_ns", connection.age);
    json("rtt_us", connection.rtt_us);
    json("retransmits", connection.retransmits);
}

/// The head of a document; a reader reads the lists of rows too.
template<typename Json>
void fields(Json& json, typename Json::template Ref<Snapshot> snapshot) {
    const bool has_interval = snapshot.interval.count() > 0;
    json("sequence", snapshot.sequence);
    json.derived("time", [&](auto*) { return rfc3339(snapshot.time.realtime); });
    json("realtime_ns", snapshot.time.realtime);
    json.derived("boottime_s", [&](auto*) { return seconds(snapshot.time.boottime); });
    json("boottime_ns", snapshot.time.boottime);
    json.derived("interval_s", [&](auto*) {
        return has_interval ? std::optional(seconds(snapshot.interval)) : std::nullopt;
    });
    json.or_null("interval_ns", snapshot.interval, has_interval);
    json.derived("since_s", [&](auto*) { return seconds(snapshot.since); });
    json.or_default("since_ns", snapshot.since);
    json("netns", snapshot.netns);
    json.derived("app_accuracy", [&](auto*) { return app_accuracy(snapshot); });
    json("sources", snapshot.sources);
    json("total", snapshot.total);
    json("total_of", snapshot.total_of);
    if constexpr (Json::reads) {
        json.or_default("interfaces", snapshot.interfaces);
        json.or_default("apps", snapshot.apps);
        json.or_default("processes", snapshot.processes);
        json.or_default("connections", snapshot.connections);
    }
}

} // namespace sockledger
