// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/increment.hpp"

#include <sockledger/history.hpp>
#include <sockledger/result.hpp>
#include <sockledger/rules.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

struct StoreOptions {
    std::string path; ///< of the database file; made when it is not there
    std::chrono::seconds keep_seconds{std::chrono::hours(1)}; ///< in memory
    std::size_t most_second_rows = 100'000;                   ///< in memory; the oldest go first
    std::chrono::seconds keep_minutes{std::chrono::hours(48)};
    std::chrono::seconds keep_hours{std::chrono::hours(24 * 90)};
    std::optional<std::chrono::seconds> keep_days; ///< absent: forever. Months are kept forever.
};

/// Usage by interval, app and interface in an SQLite database, and beside it what has to survive a
/// restart: checkpoints, settings, rules, alerts. core/src/history/README.md documents the schema.
///
/// Every flush books its amounts in the minute, hour, day and month at once, in one transaction, so
/// each tier is complete by itself and the tiers always agree; old intervals of a fine tier are only
/// ever deleted. What cannot be written (full or read-only file system, a lock) stays in memory, in
/// order, and is tried again at each flush; a corrupt file is set aside as PATH.corrupt-TIME and
/// recording goes on in a new one, with what was still in memory.
///
/// Threads: one at a time.
class Store {
public:
    /// Fails only when nothing could ever be stored here: another daemon uses the file, or its schema is
    /// newer than this program (the file is not touched). Everything else is reported by status().
    static Result<std::unique_ptr<Store>> open(const StoreOptions& options);
    virtual ~Store() = default;

    /// Adds to what is waiting in memory; usage() sees it at once.
    virtual void append(const Increment& increment) = 0;
    /// Writes what is waiting; `now` decides which intervals are old, if the clock is known to be steady.
    /// An Error is also in status().
    virtual Result<void> flush(std::chrono::seconds now, bool steady) = 0;
    Result<void> flush(std::chrono::seconds now) { return flush(now, true); }
    virtual void set_retention(const StoreOptions& options) = 0; ///< all but `path`

    virtual Result<Usage> usage(const UsageQuery& query) = 0;
    virtual HistoryStatus status() const = 0;

    /// As of the last flush of the run before.
    virtual std::vector<Checkpoint> checkpoints() const = 0;
    /// Names of all interfaces that history knows, with the last interval in which they moved something.
    virtual Result<std::vector<KnownInterface>> interfaces() = 0;

    virtual std::optional<std::string> setting(const std::string& key) = 0;
    virtual Result<void> set_setting(const std::string& key, const std::string& value) = 0;

    virtual Result<std::vector<Rule>> rules() = 0;
    virtual Result<void> set_rule(const Rule& rule) = 0;
    virtual Result<void> remove_rule(const std::string& id) = 0; ///< ENOENT when there is none
    /// Adds it, or replaces the one of the same number.
    virtual Result<void> put_alert(const Alert& alert) = 0;
    /// Active ones, and those that were raised since then; oldest first.
    virtual Result<std::vector<Alert>> alerts(std::chrono::seconds since) = 0;
};

} // namespace sockledger
