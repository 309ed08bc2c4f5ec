// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/calendar.hpp"
#include "history/catalog.hpp"
#include "history/file_lock.hpp"
#include "history/history_file.hpp"
#include "history/pending.hpp"
#include "history/recent.hpp"
#include "history/store.hpp"
#include "history/usage_plan.hpp"
#include "history/usage_sum.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

/// The Store. What is in memory is kept here; HistoryFile is what is on disk, and may come and go.
class SqliteStore final : public Store {
public:
    explicit SqliteStore(const StoreOptions& options) : options_(options) {}
    ~SqliteStore() override;

    /// An Error is one that no later try can change.
    Result<void> open();

    void append(const Increment& increment) override;
    using Store::flush;
    Result<void> flush(std::chrono::seconds now, bool steady) override;
    void set_retention(const StoreOptions& options) override;
    Result<Usage> usage(const UsageQuery& query) override;
    HistoryStatus status() const override;
    std::vector<Checkpoint> checkpoints() const override { return found_; }
    Result<std::vector<KnownInterface>> interfaces() override;
    std::optional<std::string> setting(const std::string& key) override;
    Result<void> set_setting(const std::string& key, const std::string& value) override;
    Result<std::vector<Rule>> rules() override;
    Result<void> set_rule(const Rule& rule) override;
    Result<void> remove_rule(const std::string& id) override;
    Result<void> put_alert(const Alert& alert) override;
    Result<std::vector<Alert>> alerts(std::chrono::seconds since) override;

private:
    using Checkpoints = std::map<std::string, Checkpoint>;
    using Work = std::function<void(HistoryFile&)>;

    Result<void> connect();
    void load(HistoryFile& file);
    /// Does `work` on the file, opened anew if need be. EUCLEAN: the file was damaged, and another one
    /// has taken its place.
    Result<void> attempt(const Work& work);
    Error replace_damaged(const std::string& what);
    Error failed(Error error);

    void book(std::chrono::seconds time, Series series, const UsageAmount& amount);
    void book_undated(std::chrono::seconds time);
    void write(HistoryFile& file, std::chrono::seconds now, bool steady);
    void write_checkpoints(Booking& booking);
    bool checkpoints_moved() const;
    Horizons due_horizons(Booking& booking, std::chrono::seconds now) const;
    void find_oldest(Booking& booking);
    UsagePlan plan(TimeWindow window, const UsageBucket& bucket) const;
    /// False: there are too many rows.
    bool sum_up(HistoryFile& file, const UsagePlan& plan, const UsageQuery& query, UsageSum& sum);

    Result<Usage> answer(HistoryFile& file, const UsageQuery& query);

    StoreOptions options_;
    std::optional<FileLock> lock_;
    std::unique_ptr<HistoryFile> file_;

    Calendar calendar_;
    Catalog catalog_;
    Pending pending_;
    Recent recent_;
    Checkpoints checkpoints_; ///< as of the last increment

    // What the database has
    std::vector<Checkpoint> found_; ///< of the run before
    Checkpoints written_;
    Horizons horizons_{};
    std::size_t offsets_written_ = 0;
    std::chrono::seconds newest_written_{}; ///< the end of the last minute
    std::optional<std::chrono::seconds> oldest_;

    std::chrono::seconds newest_{}; ///< the last second that something was booked in
    std::string problem_;           ///< why nothing can be written; empty: it can
    std::chrono::seconds problem_since_{};
    std::string replaced_; ///< what became of a damaged file in this run
};

} // namespace sockledger
