// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/booking.hpp"

#include "history/schema.hpp"
#include "history/statement.hpp"

#include <SQLiteCpp/Database.h>

namespace sockledger {

using std::chrono::seconds;

Booking::TierStatements Booking::prepare(SQLite::Database& database, Tier tier) {
    const std::string name(to_string(tier));
    const std::string usage = "usage_" + name;
    const std::string total = "total_" + name;
    return {{database, "INSERT INTO " + usage +
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET rx = rx + ?4, "
                           "tx = tx + ?5, accuracy = max(accuracy, ?6)"},
            {database, "INSERT INTO " + total +
                           " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET rx = rx + ?3, tx = tx + ?4"},
            {database, "SELECT min(start) FROM " + total},
            {database, "DELETE FROM " + usage + " WHERE start < ?"},
            {database, "DELETE FROM " + total + " WHERE start < ?"}};
}

Booking::Booking(SQLite::Database& database)
    : tiers_{prepare(database, Tier::Minute), prepare(database, Tier::Hour), prepare(database, Tier::Day),
             prepare(database, Tier::Month), prepare(database, Tier::Year)}
    , put_app_(database, "INSERT INTO app (app, name, icon) VALUES (?1, ?2, ?3) "
                         "ON CONFLICT (app) DO UPDATE SET name = ?2, icon = ?3 RETURNING id")
    , put_interface_(database, "INSERT INTO interface (name, counted, last_seen) VALUES (?1, ?2, ?3) "
                               "ON CONFLICT (name, counted) DO UPDATE SET last_seen = max(last_seen, ?3) "
                               "RETURNING id")
    , put_checkpoint_(database, "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    , remove_checkpoint_(database, "DELETE FROM checkpoint WHERE interface = ?")
    , put_gap_(database, "INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?, ?)")
    , put_offset_(database, "INSERT OR REPLACE INTO local_time VALUES (?, ?)")
    , put_meta_(database, "INSERT OR REPLACE INTO meta VALUES (?, ?)") {}

void Booking::write_catalog(Catalog& catalog) {
    const auto put = [](SQLite::Statement& statement, const auto&... values) {
        start(statement, values...);
        statement.executeStep();
        const Catalog::RowId row = statement.getColumn(0).getInt64();
        statement.tryReset();
        return row;
    };
    for (std::uint32_t number = 0; const Catalog::App& app : catalog.apps()) {
        if (app.changed)
            catalog.set_app_row(number, put(put_app_, app.id, app.name, app.icon));
        ++number;
    }
    for (std::uint32_t number = 0; const Catalog::Interface& interface : catalog.interfaces()) {
        if (interface.changed)
            catalog.set_interface_row(number,
                                      put(put_interface_, interface.key.name, int(interface.key.counted),
                                          std::int64_t(interface.last_seen.count())));
        ++number;
    }
}

void Booking::add_usage(const Pending::Rows& rows, const Catalog& catalog, const Calendar& calendar,
                        const Horizons& horizons) {
    for (std::size_t i = 0; i < stored_tiers.size(); ++i) {
        const Tier tier = stored_tiers[i];
        std::map<std::pair<seconds, Series>, UsageAmount> usage;
        std::map<std::pair<seconds, std::uint32_t>, UsageAmount> totals;
        for (const auto& [key, amount] : rows) {
            const seconds begin = calendar.begin(tier, key.minute);
            if (begin < horizons[static_cast<std::size_t>(tier)])
                continue;
            usage[{begin, key.series}] += amount;
            totals[{begin, key.series.interface}] += amount;
        }
        for (const auto& [key, amount] : usage)
            run(tiers_[i].add_usage, std::int64_t(key.first.count()), catalog.apps()[key.second.app].row,
                catalog.interfaces()[key.second.interface].row, amount.rx, amount.tx, int(amount.accuracy));
        for (const auto& [key, amount] : totals)
            run(tiers_[i].add_total, std::int64_t(key.first.count()), catalog.interfaces()[key.second].row,
                amount.rx, amount.tx);
    }
}

void Booking::add_gaps(const std::vector<UsageGap>& gaps) {
    for (const UsageGap& gap : gaps)
        run(put_gap_, std::int64_t(gap.window.to.count()), gap.interface,
            std::int64_t(gap.window.from.count()), gap.rx_bytes, gap.tx_bytes);
}

void Booking::put_checkpoint(const Checkpoint& checkpoint) {
    run(put_checkpoint_, checkpoint.interface, checkpoint.id.netns, checkpoint.id.ifindex, checkpoint.boot_id,
        int(checkpoint.counted), static_cast<std::int64_t>(checkpoint.rx_bytes),
        static_cast<std::int64_t>(checkpoint.tx_bytes), checkpoint.rx_unbooked, checkpoint.tx_unbooked,
        std::int64_t(checkpoint.time.count()));
}

void Booking::remove_checkpoint(const std::string& interface) {
    run(remove_checkpoint_, interface);
}

void Booking::put_offset(const Calendar::Offset& offset) {
    run(put_offset_, std::int64_t(offset.since.count()), std::int64_t(offset.offset.count()));
}

void Booking::put_meta(const std::string& key, std::int64_t value) {
    run(put_meta_, key, value);
}

std::optional<seconds> Booking::first(Tier tier) {
    SQLite::Statement& statement = tiers_[static_cast<std::size_t>(tier) - 1].first;
    start(statement);
    statement.executeStep();
    const SQLite::Column column = statement.getColumn(0);
    const auto first = column.isNull() ? std::nullopt : std::optional(seconds(column.getInt64()));
    statement.tryReset();
    return first;
}

void Booking::remove_before(Tier tier, seconds horizon) {
    TierStatements& statements = tiers_[static_cast<std::size_t>(tier) - 1];
    run(statements.remove_usage, std::int64_t(horizon.count()));
    run(statements.remove_total, std::int64_t(horizon.count()));
}

} // namespace sockledger
