// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/rules.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

/// What survives a restart and is not usage: settings, rules, alerts. Seldom used, so nothing is prepared
/// ahead. Functions throw SQLite::Exception. Threads: one at a time for each database.
namespace sockledger {

std::optional<std::string> read_setting(SQLite::Database& database, const std::string& key);
void write_setting(SQLite::Database& database, const std::string& key, const std::string& value);

std::vector<Rule> read_rules(SQLite::Database& database);
void write_rule(SQLite::Database& database, const Rule& rule);
/// False: there is none.
bool erase_rule(SQLite::Database& database, const std::string& id);

std::vector<Alert> read_alerts(SQLite::Database& database, std::chrono::seconds since);
void write_alert(SQLite::Database& database, const Alert& alert);

/// Adds what can still be read of a damaged file.
void rescue_records(const std::string& damaged, SQLite::Database& to);

} // namespace sockledger
