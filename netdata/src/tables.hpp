// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "settings.hpp"
#include "table.hpp"

#include <sockledger/snapshot.hpp>

#include <cstdint>
#include <string>

/// The tables of the two functions, made of a Snapshot. Threads: any.
namespace sockledger::netdata {

TableDescription applications_description(const Settings& settings);
std::string applications_table(const Snapshot& snapshot, const Settings& settings, std::int64_t expires);

/// Views: "connections", "aggregated", "processes".
TableDescription connections_description(const Settings& settings);
/// `note` is for people and stands in front of the help; an unknown view is the default one.
std::string connections_table(const Snapshot& snapshot, const Settings& settings, const std::string& view,
                              const std::string& note, std::int64_t expires);

} // namespace sockledger::netdata
