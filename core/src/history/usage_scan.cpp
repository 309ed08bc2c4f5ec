// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/usage_scan.hpp"

#include "history/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <sqlite3.h>
#include <string>

namespace sockledger {

using std::chrono::seconds;

namespace {

/// In place of an app's row id where there is none.
constexpr Catalog::RowId no_app = 0;

/// Most rows may be of interfaces that nobody asked for: those need not leave SQLite.
constexpr char near_wanted[] = "interface BETWEEN ?4 AND ?5";

std::string sql_of_app(const std::string& usage, const std::string& total) {
    // The totals tell which intervals there are, so each costs one search, not the rows of every app
    return "SELECT u.start, u.app, u.interface, u.rx, u.tx, u.accuracy FROM (SELECT DISTINCT start FROM " +
           total + " WHERE start >= ?1 AND start < ?2) AS t CROSS JOIN " + usage +
           " AS u ON u.start = t.start AND u.app = ?3 AND " + near_wanted;
}

/// From the first to the last row id of the wanted interfaces.
std::pair<Catalog::RowId, Catalog::RowId> wanted_rows(const Catalog& catalog, const UsageSum& sum) {
    std::pair<Catalog::RowId, Catalog::RowId> rows{Catalog::most_rows, 0};
    for (std::uint32_t at = 0; at < catalog.interfaces().size(); ++at) {
        if (const Catalog::RowId row = catalog.interfaces()[at].row; sum.wants(at))
            rows = {std::min(rows.first, row), std::max(rows.second, row)};
    }
    return rows;
}

} // namespace

void UsageScan::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

sqlite3_stmt* UsageScan::statement(Kind kind, Tier tier) {
    Statement& statement = statements_[{kind, tier}];
    if (statement)
        return statement.get();
    const std::string usage = "usage_" + std::string(to_string(tier));
    const std::string total = "total_" + std::string(to_string(tier));
    const std::string within = std::string(" WHERE start >= ?1 AND start < ?2 AND ") + near_wanted;
    const std::string sql =
        kind == Kind::All   ? "SELECT start, app, interface, rx, tx, accuracy FROM " + usage + within
        : kind == Kind::App ? sql_of_app(usage, total)
                            : "SELECT start, 0, interface, rx, tx, 0 FROM " + total + within;
    sqlite3_stmt* prepared = nullptr;
    if (const int result = sqlite3_prepare_v3(database_.getHandle(), sql.c_str(), -1,
                                              SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
        result != SQLITE_OK)
        throw SQLite::Exception(database_.getHandle(), result);
    statement.reset(prepared);
    return prepared;
}

bool UsageScan::scan(Kind kind, const UsageSegment& segment, Catalog::RowId app_row, const Catalog& catalog,
                     UsageSum& sum) {
    sqlite3_stmt* rows = statement(kind, segment.tier);
    sqlite3_bind_int64(rows, 1, segment.from.count());
    sqlite3_bind_int64(rows, 2, segment.to.count());
    if (kind == Kind::App)
        sqlite3_bind_int64(rows, 3, app_row);
    const auto [first, last] = wanted_rows(catalog, sum);
    sqlite3_bind_int64(rows, 4, first);
    sqlite3_bind_int64(rows, 5, last);
    bool more = true;
    int result = SQLITE_ROW;
    while (more && (result = sqlite3_step(rows)) == SQLITE_ROW) {
        const auto interface = catalog.interface_of(sqlite3_column_int64(rows, 2));
        if (!interface || !sum.wants(*interface))
            continue;
        const Catalog::RowId row = sqlite3_column_int64(rows, 1);
        if (const auto app = row == no_app ? 0 : catalog.app_of(row))
            more = sum.add(segment.tier, seconds(sqlite3_column_int64(rows, 0)), {*app, *interface},
                           {sqlite3_column_int64(rows, 3), sqlite3_column_int64(rows, 4),
                            static_cast<Accuracy>(sqlite3_column_int(rows, 5))});
    }
    sqlite3_reset(rows);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        throw SQLite::Exception(database_.getHandle(), result);
    return more;
}

bool UsageScan::all(const UsageSegment& segment, const Catalog& catalog, UsageSum& sum) {
    return scan(Kind::All, segment, no_app, catalog, sum);
}

bool UsageScan::app(const UsageSegment& segment, std::uint32_t app, const Catalog& catalog, UsageSum& sum) {
    const Catalog::RowId row = catalog.apps()[app].row;
    return row == no_app || scan(Kind::App, segment, row, catalog, sum);
}

bool UsageScan::totals(const UsageSegment& segment, const Catalog& catalog, UsageSum& sum) {
    return scan(Kind::Totals, segment, no_app, catalog, sum);
}

} // namespace sockledger
