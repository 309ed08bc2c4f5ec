// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/calendar.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace SQLite {
class Database;
}

/// The tables, documented for readers in README.md. Functions throw SQLite::Exception. Threads: one at a
/// time for each database.
namespace sockledger {

/// PRAGMA user_version; grows with each step that changes the schema.
inline constexpr int schema_version = 1;
/// PRAGMA application_id: "SLDG".
inline constexpr std::int32_t history_application_id = 0x534C4447;

/// "minute", "hour", ...: the end of a table's name, and `step` in the views.
std::string_view to_string(Tier tier);

/// Keys of the table `meta`.
inline constexpr char clean_key[] = "clean";   ///< 1: the last writer took its leave
inline constexpr char newest_key[] = "newest"; ///< the end of the last minute that was booked
std::string horizon_key(Tier tier);            ///< Horizons of the tier; absent: never cut

/// Brings a database of an older version, or an empty one, to this version.
void migrate(SQLite::Database& database);

} // namespace sockledger
