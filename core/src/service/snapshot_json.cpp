// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/snapshot_json.hpp"

#include "service/json_writer.hpp"
#include "service/snapshot_fields.hpp"

#include <cstdio>
#include <ctime>

namespace sockledger {

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
    json("schema", "io.sockledger." + std::string(name));
    json("version", json_version);
    fields(json, snapshot);
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
