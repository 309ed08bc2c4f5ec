// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/booking.hpp"
#include "history/catalog.hpp"
#include "history/increment.hpp"
#include "history/usage_scan.hpp"

#include <SQLiteCpp/Database.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

/// An open database with what was read of it. Functions throw NotOurs or SQLite::Exception.
/// Threads: one at a time.
class HistoryFile {
public:
    explicit HistoryFile(const std::string& path);
    ~HistoryFile();

    /// The file at the path is still the one that is open.
    bool current() const;
    /// Adds what the database knows, and its row ids.
    void load(Catalog& catalog);
    std::optional<std::int64_t> meta(const std::string& key);
    std::vector<Calendar::Offset> offsets();
    std::map<std::string, Checkpoint> checkpoints();
    /// That end within the window.
    std::vector<UsageGap> gaps(const TimeWindow& window);

    /// In the transaction of the first write: from here on a shutdown is unclean unless we say otherwise.
    void mark_unclean();
    void committed() { marked_ = true; }

    SQLite::Database& database() { return *database_; }
    Booking& booking() { return *booking_; }
    UsageScan& scan() { return *scan_; }

private:
    std::string path_;
    std::uint64_t inode_ = 0;
    bool marked_ = false; ///< as unclean
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<Booking> booking_;
    std::unique_ptr<UsageScan> scan_;
};

} // namespace sockledger
