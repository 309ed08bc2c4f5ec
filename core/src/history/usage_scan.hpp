// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/catalog.hpp"
#include "history/usage_plan.hpp"

#include <SQLiteCpp/Statement.h>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace SQLite {
class Database;
}

namespace sockledger {

/// Reads the rows of a segment, in order of their intervals. Functions throw SQLite::Exception.
/// Threads: one at a time.
class UsageScan {
public:
    /// False: enough.
    using Visit = std::function<bool(std::chrono::seconds start, Series series, const UsageAmount& amount)>;

    explicit UsageScan(SQLite::Database& database) : database_(database) {}

    /// Every app on every interface.
    bool all(const UsageSegment& segment, const Catalog& catalog, const Visit& visit);
    /// One app on every interface.
    bool app(const UsageSegment& segment, std::uint32_t app, const Catalog& catalog, const Visit& visit);
    /// The interfaces alone; Series::app is 0.
    bool totals(const UsageSegment& segment, const Catalog& catalog, const Visit& visit);
    /// Gaps that end within the window.
    std::vector<UsageGap> gaps(const TimeWindow& window);

private:
    enum class Kind { All, App, Totals };
    SQLite::Statement& statement(Kind kind, Tier tier);

    SQLite::Database& database_;
    std::map<std::pair<Kind, Tier>, SQLite::Statement> statements_;
    std::optional<SQLite::Statement> gaps_;
};

} // namespace sockledger
