// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/history_file.hpp"

#include "history/database.hpp"
#include "history/schema.hpp"
#include "history/statement.hpp"

#include <algorithm>
#include <sqlite3.h>
#include <sys/stat.h>

namespace sockledger {

using std::chrono::seconds;

namespace {

std::uint64_t inode_of(const std::string& path) {
    struct stat file {};
    return stat(path.c_str(), &file) == 0 ? file.st_ino : 0;
}

Catalog::RowId row_id(const SQLite::Statement& statement) {
    const Catalog::RowId row = statement.getColumn(0).getInt64();
    if (row <= 0 || row > Catalog::most_rows)
        throw SQLite::Exception("row id " + std::to_string(row), SQLITE_CORRUPT);
    return row;
}

} // namespace

HistoryFile::HistoryFile(const std::string& path)
    : path_(path)
    , database_(open_database(path))
    , booking_(std::make_unique<Booking>(*database_))
    , scan_(std::make_unique<UsageScan>(*database_)) {
    inode_ = inode_of(path);
}

HistoryFile::~HistoryFile() {
    try {
        if (marked_)
            booking_->put_meta(clean_key, 1);
    } catch (const SQLite::Exception&) {
        // then the next start looks through the file, which is all that this is for
    }
}

bool HistoryFile::current() const {
    return inode_of(path_) == inode_;
}

void HistoryFile::load(Catalog& catalog) {
    catalog.forget_rows();
    SQLite::Statement app(*database_, "SELECT id, app, name, icon FROM app");
    while (app.executeStep()) {
        const std::string id = app.getColumn(1).getString();
        const bool known = catalog.find_app(id).has_value();
        const std::uint32_t number =
            known ? catalog.app(id, {}, {})
                  : catalog.app(id, app.getColumn(2).getString(), app.getColumn(3).getString());
        catalog.set_app_row(number, row_id(app));
        catalog.apps()[number].changed = known;
    }
    SQLite::Statement interface(*database_, "SELECT id, name, counted, last_seen FROM interface");
    while (interface.executeStep()) {
        const std::uint32_t number =
            catalog.interface({interface.getColumn(1).getString(), interface.getColumn(2).getInt() != 0});
        catalog.set_interface_row(number, row_id(interface));
        Catalog::Interface& known = catalog.interfaces()[number];
        const seconds last_seen(interface.getColumn(3).getInt64());
        known.changed = known.last_seen > last_seen;
        known.last_seen = std::max(known.last_seen, last_seen);
    }
}

std::optional<std::int64_t> HistoryFile::meta(const std::string& key) {
    SQLite::Statement row(*database_, "SELECT value FROM meta WHERE key = ?");
    start(row, key);
    return row.executeStep() ? std::optional(row.getColumn(0).getInt64()) : std::nullopt;
}

std::vector<Calendar::Offset> HistoryFile::offsets() {
    SQLite::Statement row(*database_, "SELECT since, offset FROM local_time ORDER BY since");
    std::vector<Calendar::Offset> offsets;
    while (row.executeStep())
        offsets.push_back({seconds(row.getColumn(0).getInt64()), seconds(row.getColumn(1).getInt64())});
    return offsets;
}

std::map<std::string, Checkpoint> HistoryFile::checkpoints() {
    SQLite::Statement row(*database_,
                          "SELECT interface, netns, ifindex, boot_id, counted, rx, tx, rx_unbooked, "
                          "tx_unbooked, time FROM checkpoint");
    std::map<std::string, Checkpoint> checkpoints;
    while (row.executeStep()) {
        const std::string name = row.getColumn(0).getString();
        checkpoints[name] = {name,
                             {row.getColumn(1).getUInt(), row.getColumn(2).getUInt()},
                             row.getColumn(3).getString(),
                             row.getColumn(4).getInt() != 0,
                             static_cast<std::uint64_t>(row.getColumn(5).getInt64()),
                             static_cast<std::uint64_t>(row.getColumn(6).getInt64()),
                             row.getColumn(7).getInt64(),
                             row.getColumn(8).getInt64(),
                             seconds(row.getColumn(9).getInt64())};
    }
    return checkpoints;
}

std::vector<UsageGap> HistoryFile::gaps(const TimeWindow& window) {
    SQLite::Statement row(*database_,
                          "SELECT since, until, interface, rx, tx FROM gap WHERE until > ? AND until <= ?");
    start(row, std::int64_t(window.from.count()), std::int64_t(window.to.count()));
    std::vector<UsageGap> gaps;
    while (row.executeStep())
        gaps.push_back({{seconds(row.getColumn(0).getInt64()), seconds(row.getColumn(1).getInt64())},
                        row.getColumn(2).getString(),
                        row.getColumn(3).getInt64(),
                        row.getColumn(4).getInt64()});
    return gaps;
}

void HistoryFile::mark_unclean() {
    if (!marked_)
        booking_->put_meta(clean_key, 0);
}

} // namespace sockledger
