// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/selection.hpp"

#include <sockledger/daemon.hpp>
#include <sockledger/names.hpp>

#include <string>
#include <string_view>

/// Snapshot → JSON, the same for the command line and for the feed; documented in
/// core/programs/sockledger/json.md. What is not known is null, never 0. Fields may be added within
/// a version; `json_version` grows when one changes its meaning or goes. Threads: any.
namespace sockledger {

inline constexpr int json_version = 1;

/// Nothing but the head that every document has.
inline constexpr Sections no_sections{false, false, false, false};

/// Appends one document: schema "io.sockledger.NAME", version, time, interval, sources, total, and the
/// selected rows of each section, in the order of the Snapshot.
void append_json(std::string& out, const Snapshot&, std::string_view name, Sections, const Selection& = {});

/// The same with one section "remotes"; with the names of hosts as far as `names` know them.
void append_remotes_json(std::string& out, const Snapshot&, const std::vector<Remote>&, HostNames* names);

} // namespace sockledger
