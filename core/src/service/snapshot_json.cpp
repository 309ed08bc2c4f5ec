// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/snapshot_json.hpp"

#include "service/json_writer.hpp"
#include "service/snapshot_fields.hpp"

#include <cstdio>
#include <ctime>

namespace sockledger {

namespace {

/// What is not there is null.
template<typename T>
std::optional<T> unless_empty(T value) {
    return value == T{} ? std::nullopt : std::optional(std::move(value));
}

/// A remote and the name of its host.
struct NamedRemote {
    const Remote& remote;
    std::string host;
};

void fields(JsonWriter& json, const NamedRemote& row) {
    const Remote& remote = row.remote;
    const std::uint16_t port = remote.own_port != 0 ? remote.own_port : remote.endpoint.port;
    json("app", unless_empty(remote.app));
    json("protocol", remote.protocol);
    json("address", address_text(remote.endpoint));
    json("port", unless_empty(remote.endpoint.port));
    json("own_port", unless_empty(remote.own_port));
    json("service", unless_empty(std::string(service_name(remote.protocol, port))));
    json("host", unless_empty(row.host));
    json("scope", remote.scope);
    json("connections", remote.connections);
    json("traffic", remote.traffic);
}

void append_head(JsonWriter& json, const Snapshot& snapshot, std::string_view name) {
    json("schema", "io.sockledger." + std::string(name));
    json("version", json_version);
    fields(json, snapshot);
}

} // namespace

void append_remotes_json(std::string& out, const Snapshot& snapshot, const std::vector<Remote>& remotes,
                         HostNames* names) {
    JsonWriter json(out, &snapshot);
    out += '{';
    append_head(json, snapshot, "remotes");
    json.key("remotes");
    json.write_list(remotes, [&](const Remote& remote) {
        json.write(NamedRemote{remote, names ? names->name(remote.endpoint) : std::string()});
    });
    out += '}';
}

void append_json(std::string& out, const Snapshot& snapshot, std::string_view name, Sections sections,
                 const Selection& selection) {
    JsonWriter json(out, &snapshot);
    const auto list = [&](bool wanted, std::string_view section, auto select) {
        if (!wanted)
            return;
        json.key(section);
        json.write_list(select(snapshot, selection), [&](const auto* row) { json.write(*row); });
    };
    out += '{';
    append_head(json, snapshot, name);
    list(sections.interfaces, "interfaces", select_interfaces);
    list(sections.apps, "apps", select_apps);
    list(sections.processes, "processes", select_processes);
    list(sections.connections, "connections", select_connections);
    out += '}';
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
