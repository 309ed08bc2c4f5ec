// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/selection.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>

/// Snapshot → JSON, the same for the command line and for the feed; documented in
/// core/programs/sockledger/json.md. What is not known is null, never 0. Fields may be added within
/// a version; `json_version` grows when one changes its meaning or goes. Threads: any.
namespace sockledger {

inline constexpr int json_version = 1;

boost::json::object to_json(const Traffic&);
boost::json::object to_json(const SourceStatus&);
boost::json::object to_json(const Interface&, const Snapshot&);
boost::json::object to_json(const App&, const Snapshot&);
boost::json::object to_json(const Process&);
boost::json::object to_json(const Connection&, const Snapshot&);

/// Which lists a document has, beside the head that every one has.
struct JsonSections {
    bool interfaces = false;
    bool apps = false;
    bool processes = false;
    bool connections = false;
};

/// One document: schema "io.sockledger.NAME", version, time, interval, sources, total, and the selected
/// rows of each section, in the order of the Snapshot.
boost::json::object to_json(const Snapshot&, std::string_view name, JsonSections, const Selection& = {});

/// "2026-01-02T03:04:05.123456789Z".
std::string rfc3339(std::chrono::nanoseconds realtime);

} // namespace sockledger
