// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/usage_scan.hpp"

#include "history/schema.hpp"
#include "history/statement.hpp"

#include <SQLiteCpp/Database.h>

#include <string>

namespace sockledger {

using std::chrono::seconds;

namespace {

/// In place of an app's row id where there is none.
constexpr Catalog::RowId no_app = 0;

/// Steps through rows of (start, app, interface, rx, tx, accuracy).
bool each_row(SQLite::Statement& statement, const Catalog& catalog, const UsageScan::Visit& visit) {
    bool more = true;
    while (more && statement.executeStep()) {
        const auto interface = catalog.interface_of(statement.getColumn(2).getInt64());
        const Catalog::RowId app_row = statement.getColumn(1).getInt64();
        const auto app = app_row == no_app ? 0 : catalog.app_of(app_row);
        if (!interface || !app)
            continue;
        more = visit(seconds(statement.getColumn(0).getInt64()), {*app, *interface},
                     {statement.getColumn(3).getInt64(), statement.getColumn(4).getInt64(),
                      static_cast<Accuracy>(statement.getColumn(5).getInt())});
    }
    statement.tryReset();
    return more;
}

} // namespace

SQLite::Statement& UsageScan::statement(Kind kind, Tier tier) {
    const auto found = statements_.find({kind, tier});
    if (found != statements_.end())
        return found->second;
    const std::string usage = "usage_" + std::string(to_string(tier));
    const std::string total = "total_" + std::string(to_string(tier));
    const std::string within = " WHERE start >= ?1 AND start < ?2";
    std::string sql;
    switch (kind) {
    case Kind::All:
        sql = "SELECT start, app, interface, rx, tx, accuracy FROM " + usage + within;
        break;
    case Kind::App:
        // The totals tell which intervals there are, so each costs one search, not the rows of every app
        sql = "SELECT u.start, u.app, u.interface, u.rx, u.tx, u.accuracy FROM (SELECT DISTINCT start FROM " +
              total + within + ") AS t CROSS JOIN " + usage + " AS u ON u.start = t.start AND u.app = ?3";
        break;
    case Kind::Totals:
        sql = "SELECT start, 0, interface, rx, tx, 0 FROM " + total + within;
        break;
    }
    return statements_.emplace(std::pair(kind, tier), SQLite::Statement(database_, sql)).first->second;
}

bool UsageScan::all(const UsageSegment& segment, const Catalog& catalog, const Visit& visit) {
    SQLite::Statement& rows = statement(Kind::All, segment.tier);
    start(rows, std::int64_t(segment.from.count()), std::int64_t(segment.to.count()));
    return each_row(rows, catalog, visit);
}

bool UsageScan::app(const UsageSegment& segment, std::uint32_t app, const Catalog& catalog,
                    const Visit& visit) {
    const Catalog::RowId row = catalog.apps()[app].row;
    if (row == 0)
        return true;
    SQLite::Statement& rows = statement(Kind::App, segment.tier);
    start(rows, std::int64_t(segment.from.count()), std::int64_t(segment.to.count()), row);
    return each_row(rows, catalog, visit);
}

bool UsageScan::totals(const UsageSegment& segment, const Catalog& catalog, const Visit& visit) {
    SQLite::Statement& rows = statement(Kind::Totals, segment.tier);
    start(rows, std::int64_t(segment.from.count()), std::int64_t(segment.to.count()));
    return each_row(rows, catalog, visit);
}

std::vector<UsageGap> UsageScan::gaps(const TimeWindow& window) {
    if (!gaps_)
        gaps_.emplace(database_,
                      "SELECT since, until, interface, rx, tx FROM gap WHERE until > ? AND until <= ?");
    start(*gaps_, std::int64_t(window.from.count()), std::int64_t(window.to.count()));
    std::vector<UsageGap> gaps;
    while (gaps_->executeStep())
        gaps.push_back({{seconds(gaps_->getColumn(0).getInt64()), seconds(gaps_->getColumn(1).getInt64())},
                        gaps_->getColumn(2).getString(),
                        gaps_->getColumn(3).getInt64(),
                        gaps_->getColumn(4).getInt64()});
    gaps_->tryReset();
    return gaps;
}

} // namespace sockledger
