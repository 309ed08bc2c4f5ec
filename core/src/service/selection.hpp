// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which rows of a Snapshot somebody asked for, and which of their numbers: one set of rules for every host.
/// Pointers point into the Snapshot. Threads: any.
namespace sockledger {

/// Empty members select everything. Several members must all hold.
struct Selection {
    std::string app;                  ///< an app's whole id, or a part of its name or id, in any case
    std::optional<AppId> app_id;      ///< exactly this app
    std::optional<ProcessId> process; ///< exactly this process
    std::optional<std::uint32_t> pid;
    std::optional<std::uint16_t> port; ///< local or remote
    std::optional<SocketState> state;
    std::optional<Scope> scope; ///< of the remote address
    std::string interface;      ///< by name
    std::string text;           ///< a part of anything that a row shows, in any case
    bool all = false;           ///< loopback too, and apps and processes that have no traffic and no socket

    bool operator==(const Selection&) const = default;
};

/// Apps and processes match a port, a state and a scope when one of their connections does, and an interface
/// when they have a connection or, as far as it is counted, traffic on it.
/// A process that has ended is left out unless it moved something outside loopback, and an interface of
/// another namespace unless it moved anything.
std::vector<const App*> select_apps(const Snapshot&, const Selection&);
std::vector<const Process*> select_processes(const Snapshot&, const Selection&);
std::vector<const Connection*> select_connections(const Snapshot&, const Selection&);
std::vector<const Interface*> select_interfaces(const Snapshot&, const Selection&);

/// What an app moved under this selection: on the selected interface, else outside loopback, else everywhere.
Traffic traffic_of(const App&, const Snapshot&, const Selection&);
/// Outside loopback, or everywhere; not by interface, which is kept for apps only.
Traffic traffic_of(const Process&, const Selection&);
/// "established", "SYN_SENT", "syn-sent"; nothing for another word.
std::optional<SocketState> parse_state(std::string_view);
/// Both ends are on this machine, or it listens on loopback alone.
bool is_loopback(const Connection&);

} // namespace sockledger
