// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <string>

namespace sockledger {

/// Keeps a second daemon away from a file, by a lock on another file that holds our pid: SQLite's own
/// locks lie on the database and come and go with each transaction. Threads: one at a time.
class FileLock {
public:
    /// Fails with EWOULDBLOCK when another process has it; the message says which one.
    static Result<FileLock> take(const std::string& path);

private:
    explicit FileLock(UniqueFd file) : file_(std::move(file)) {}

    UniqueFd file_;
};

} // namespace sockledger
