// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include <array>

namespace sockledger {

namespace {

constexpr char tables_1[] = R"(
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE local_time (since INTEGER PRIMARY KEY, offset INTEGER NOT NULL);
CREATE TABLE app (
    id INTEGER PRIMARY KEY,
    app TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    icon TEXT NOT NULL);
CREATE TABLE interface (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    counted INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    UNIQUE (name, counted));
CREATE TABLE checkpoint (
    interface TEXT PRIMARY KEY,
    netns INTEGER NOT NULL,
    ifindex INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    counted INTEGER NOT NULL,
    rx INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    rx_unbooked INTEGER NOT NULL,
    tx_unbooked INTEGER NOT NULL,
    time INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gap (
    until INTEGER NOT NULL,
    interface TEXT NOT NULL,
    since INTEGER NOT NULL,
    rx INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    PRIMARY KEY (until, interface, since)) WITHOUT ROWID;
CREATE TABLE rule (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    subject TEXT NOT NULL,
    target TEXT NOT NULL,
    direction TEXT NOT NULL,
    measure TEXT NOT NULL,
    threshold INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    cycle_day INTEGER NOT NULL,
    enabled INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE alert (
    number INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    active INTEGER NOT NULL,
    raised INTEGER NOT NULL,
    cleared INTEGER,
    value INTEGER NOT NULL,
    threshold INTEGER NOT NULL);
)";

constexpr char tier_tables_1[] = R"(
CREATE TABLE usage_TIER (
    start INTEGER NOT NULL,
    app INTEGER NOT NULL,
    interface INTEGER NOT NULL,
    rx INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    accuracy INTEGER NOT NULL,
    PRIMARY KEY (start, app, interface)) WITHOUT ROWID;
CREATE TABLE total_TIER (
    start INTEGER NOT NULL,
    interface INTEGER NOT NULL,
    rx INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    PRIMARY KEY (start, interface)) WITHOUT ROWID;
)";

constexpr char usage_view_1[] = R"(
SELECT 'TIER' AS step, u.start,
    strftime('%Y-%m-%dT%H:%M:%SZ', u.start, 'unixepoch') AS start_utc,
    datetime(u.start + (SELECT offset FROM local_time WHERE since <= u.start ORDER BY since DESC LIMIT 1),
        'unixepoch') AS start_local,
    app.app, app.name, interface.name AS interface, interface.counted, u.rx AS rx_bytes, u.tx AS tx_bytes,
    CASE accuracy WHEN 0 THEN 'exact' WHEN 1 THEN 'partial' WHEN 2 THEN 'estimated' ELSE 'unavailable' END
        AS accuracy
FROM usage_TIER AS u JOIN app ON app.id = u.app JOIN interface ON interface.id = u.interface
)";

constexpr char total_view_1[] = R"(
SELECT 'TIER' AS step, u.start,
    strftime('%Y-%m-%dT%H:%M:%SZ', u.start, 'unixepoch') AS start_utc,
    datetime(u.start + (SELECT offset FROM local_time WHERE since <= u.start ORDER BY since DESC LIMIT 1),
        'unixepoch') AS start_local,
    interface.name AS interface, interface.counted, u.rx AS rx_bytes, u.tx AS tx_bytes
FROM total_TIER AS u JOIN interface ON interface.id = u.interface
)";

/// `text` once for each tier.
std::string for_each_tier(std::string_view text, std::string_view between = "") {
    constexpr std::string_view place = "TIER";
    std::string all;
    for (const Tier tier : stored_tiers) {
        std::string one(text);
        for (std::size_t at = 0; (at = one.find(place, at)) != one.npos;)
            one.replace(at, place.size(), to_string(tier));
        all += (all.empty() ? "" : std::string(between)) + one;
    }
    return all;
}

void to_version_1(SQLite::Database& database) {
    database.exec(tables_1);
    database.exec(for_each_tier(tier_tables_1));
    database.exec("CREATE VIEW usage AS " + for_each_tier(usage_view_1, "UNION ALL"));
    database.exec("CREATE VIEW interface_usage AS " + for_each_tier(total_view_1, "UNION ALL"));
}

/// Step n brings version n to n + 1. What was released is never edited.
constexpr std::array<void (*)(SQLite::Database&), schema_version> steps{to_version_1};

} // namespace

std::string_view to_string(Tier tier) {
    constexpr std::array<std::string_view, 6> names{"second", "minute", "hour", "day", "month", "year"};
    return names[static_cast<std::size_t>(tier)];
}

std::string horizon_key(Tier tier) {
    return "horizon_" + std::string(to_string(tier));
}

void migrate(SQLite::Database& database) {
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    for (int from = version; from < schema_version; ++from) {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        steps[static_cast<std::size_t>(from)](database);
        database.exec("PRAGMA application_id = " + std::to_string(history_application_id));
        database.exec("PRAGMA user_version = " + std::to_string(from + 1));
        transaction.commit();
    }
}

} // namespace sockledger
