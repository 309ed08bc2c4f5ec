// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace SQLite {
class Database;
class Exception;
} // namespace SQLite

/// The file that history is in. Threads: one at a time for each file.
namespace sockledger {

/// The file is sound and not ours to change: of a newer program, or of another one.
class NotOurs : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Opens the database, made if need be, at the present schema version. Throws NotOurs or SQLite::Exception.
std::unique_ptr<SQLite::Database> open_database(const std::string& path);

/// The file itself is damaged: no try will do better.
bool is_damage(const SQLite::Exception& exception);

/// Renames the file, with what SQLite keeps beside it, to PATH.corrupt-TIME, and returns that name.
/// Throws std::filesystem::filesystem_error.
std::string set_aside(const std::string& path, std::chrono::seconds now);

} // namespace sockledger
