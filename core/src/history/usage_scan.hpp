// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/catalog.hpp"
#include "history/usage_plan.hpp"
#include "history/usage_sum.hpp"

#include <map>
#include <memory>
#include <utility>
#include <vector>

struct sqlite3_stmt;
namespace SQLite {
class Database;
}

namespace sockledger {

/// Adds up the rows of a segment, in order of their intervals. Reads them with SQLite's own functions: a long
/// question reads 100,000 rows, and SQLiteCpp takes as much time for each as SQLite itself. Functions throw
/// SQLite::Exception. Threads: one at a time.
class UsageScan {
public:
    explicit UsageScan(SQLite::Database& database) : database_(database) {}

    /// Every app on every interface. False: the sum has too many rows.
    bool all(const UsageSegment& segment, const Catalog& catalog, UsageSum& sum);
    /// One app on every interface.
    bool app(const UsageSegment& segment, std::uint32_t app, const Catalog& catalog, UsageSum& sum);
    /// The interfaces alone; Series::app is 0.
    bool totals(const UsageSegment& segment, const Catalog& catalog, UsageSum& sum);

private:
    enum class Kind { All, App, Totals };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    sqlite3_stmt* statement(Kind kind, Tier tier);
    bool scan(Kind kind, const UsageSegment& segment, Catalog::RowId app, const Catalog& catalog,
              UsageSum& sum);

    SQLite::Database& database_;
    std::map<std::pair<Kind, Tier>, Statement> statements_;
};

} // namespace sockledger
