// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/amount.hpp"
#include "history/calendar.hpp"
#include "history/catalog.hpp"
#include "history/increment.hpp"
#include "history/pending.hpp"

#include <SQLiteCpp/Statement.h>

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace SQLite {
class Database;
}

namespace sockledger {

/// The statements that write usage, prepared once. Functions run within the caller's transaction and throw
/// SQLite::Exception. Threads: one at a time.
class Booking {
public:
    explicit Booking(SQLite::Database& database);

    /// Writes apps and interfaces that are new or changed; gives the new ones their rows.
    void write_catalog(Catalog& catalog);
    void add_usage(const Pending::Rows& rows, const Catalog& catalog, const Calendar& calendar,
                   const Horizons& horizons);
    void add_gaps(const std::vector<UsageGap>& gaps);
    void put_checkpoint(const Checkpoint& checkpoint);
    void remove_checkpoint(const std::string& interface);
    void put_offset(const Calendar::Offset& offset);
    void put_meta(const std::string& key, std::int64_t value);

    /// The first interval of a tier; absent when it is empty.
    std::optional<std::chrono::seconds> first(Tier tier);
    void remove_before(Tier tier, std::chrono::seconds horizon);

private:
    struct TierStatements {
        SQLite::Statement add_usage;
        SQLite::Statement add_total;
        SQLite::Statement first;
        SQLite::Statement remove_usage;
        SQLite::Statement remove_total;
    };
    static TierStatements prepare(SQLite::Database& database, Tier tier);

    std::array<TierStatements, stored_tiers.size()> tiers_;
    SQLite::Statement put_app_;
    SQLite::Statement put_interface_;
    SQLite::Statement put_checkpoint_;
    SQLite::Statement remove_checkpoint_;
    SQLite::Statement put_gap_;
    SQLite::Statement put_offset_;
    SQLite::Statement put_meta_;
};

} // namespace sockledger
