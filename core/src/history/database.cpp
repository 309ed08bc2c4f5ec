// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/database.hpp"

#include "history/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <sqlite3.h>

namespace sockledger {

namespace {

constexpr int busy_timeout_ms = 500;

int pragma(SQLite::Database& database, const char* name) {
    return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

/// After a kill the pages are as SQLite left them; after a power cut the disk may have lied.
void check(SQLite::Database& database) {
    if (database.execAndGet("SELECT coalesce((SELECT value FROM meta WHERE key = 'clean'), 0)").getInt() != 0)
        return;
    const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
    if (found != "ok")
        throw SQLite::Exception("database disk image is malformed: " + found, SQLITE_CORRUPT);
}

} // namespace

std::unique_ptr<SQLite::Database> open_database(const std::string& path) {
    auto database = std::make_unique<SQLite::Database>(
        path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, busy_timeout_ms);
    // Until we know that the file is ours, not even what a killed writer left is moved into it
    sqlite3_db_config(database->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    const int version = pragma(*database, "user_version");
    const int application = pragma(*database, "application_id");
    if (application == history_application_id ? version > schema_version
                                              : pragma(*database, "schema_version") != 0)
        throw NotOurs(application == history_application_id
                          ? path + " has schema version " + std::to_string(version) +
                                ", this program knows " + std::to_string(schema_version)
                          : path + " is a database of another program");
    sqlite3_db_config(database->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    database->exec("PRAGMA journal_mode = WAL");
    database->exec("PRAGMA synchronous = NORMAL");
    database->exec("PRAGMA cache_size = -1024");
    database->exec("PRAGMA journal_size_limit = 4194304");
    if (version > 0)
        check(*database);
    migrate(*database);
    return database;
}

bool is_damage(const SQLite::Exception& exception) {
    return exception.getErrorCode() == SQLITE_CORRUPT || exception.getErrorCode() == SQLITE_NOTADB;
}

std::string set_aside(const std::string& path, std::chrono::seconds now) {
    const std::string aside = path + ".corrupt-" + std::to_string(now.count());
    for (const char* beside : {"", "-wal", "-shm"}) {
        if (std::filesystem::exists(path + beside))
            std::filesystem::rename(path + beside, aside + beside);
    }
    return aside;
}

} // namespace sockledger
