// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/schema.hpp"
#include "history/sqlite_store.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cerrno>
#include <utility>

/// The way in: from increments to the database.
namespace sockledger {

using std::chrono::seconds;

namespace {

/// Minutes that wait, at 100 bytes each, before they are put together to hours.
constexpr std::size_t most_pending = 50'000;

/// A flush removes no more than this at once, so that a machine that was off for a week does not stall.
constexpr seconds most_removed(Tier tier) {
    return tier == Tier::Minute ? std::chrono::hours(6)
           : tier == Tier::Hour ? std::chrono::days(8)
                                : std::chrono::days(100);
}

bool same_counters(Checkpoint a, const Checkpoint& b) {
    a.time = b.time;
    return a == b;
}

} // namespace

void SqliteStore::append(const Increment& increment) {
    const bool dated = increment.time >= Calendar::first_time;
    if (dated) {
        calendar_.extend(increment.time);
        book_undated(increment.time);
    }
    for (const UsagePart& part : increment.parts) {
        if (part.rx_bytes == 0 && part.tx_bytes == 0)
            continue;
        const Series series{catalog_.app(part.app, part.name, part.icon), catalog_.interface(part.interface)};
        const UsageAmount amount{part.rx_bytes, part.tx_bytes, part.accuracy};
        if (dated)
            book(increment.time, series, amount);
        else
            pending_.add_undated(series, amount);
    }
    pending_.gaps.insert(pending_.gaps.end(), increment.gaps.begin(), increment.gaps.end());
    if (!increment.checkpoints.empty()) {
        checkpoints_.clear();
        for (const Checkpoint& checkpoint : increment.checkpoints)
            checkpoints_.insert_or_assign(checkpoint.interface, checkpoint);
    }
    if (dated) {
        pending_.coalesce(calendar_, most_pending);
        recent_.trim(increment.time - options_.keep_seconds, options_.most_second_rows);
    }
}

void SqliteStore::book(seconds time, Series series, const UsageAmount& amount) {
    pending_.add(time, series, amount);
    recent_.add({time, series, amount});
    Catalog::Interface& interface = catalog_.interfaces()[series.interface];
    if (const seconds minute = std::chrono::floor<std::chrono::minutes>(time); minute > interface.last_seen) {
        interface.last_seen = minute;
        interface.changed = true;
    }
    newest_ = std::max(newest_, time);
}

void SqliteStore::book_undated(seconds time) {
    for (const auto& [series, amount] : pending_.take_undated())
        book(time, series, amount);
    for (UsageGap& gap : pending_.gaps) {
        if (gap.window.to < Calendar::first_time)
            gap.window = {std::min(gap.window.from, time), time};
    }
}

Result<void> SqliteStore::flush(seconds now, bool steady) {
    if (now < Calendar::first_time)
        return {};
    calendar_.extend(now);
    book_undated(now);
    const auto work = [&](HistoryFile& file) { write(file, now, steady); };
    Result<void> done = attempt(work);
    if (!done && done.error().code == EUCLEAN)
        done = attempt(work);
    if (!done)
        return failed(done.error());
    problem_.clear();
    return {};
}

void SqliteStore::write(HistoryFile& file, seconds now, bool steady) {
    Booking& booking = file.booking();
    const Horizons due = steady ? due_horizons(booking, now) : horizons_;
    if (pending_.empty() && !checkpoints_moved() && due == horizons_)
        return;
    const seconds newest = std::chrono::floor<std::chrono::minutes>(newest_) + std::chrono::minutes(1);
    std::size_t offsets = offsets_written_;

    SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
    file.mark_unclean();
    booking.write_catalog(catalog_);
    booking.add_usage(pending_.rows(), catalog_, calendar_, horizons_);
    booking.add_gaps(pending_.gaps);
    write_checkpoints(booking);
    for (; offsets < calendar_.offsets().size() && calendar_.offsets()[offsets].since < newest; ++offsets)
        booking.put_offset(calendar_.offsets()[offsets]);
    if (newest > newest_written_)
        booking.put_meta(newest_key, newest.count());
    for (const Tier tier : stored_tiers) {
        const seconds horizon = due[static_cast<std::size_t>(tier)];
        if (horizon == horizons_[static_cast<std::size_t>(tier)])
            continue;
        booking.remove_before(tier, horizon);
        booking.put_meta(horizon_key(tier), horizon.count());
    }
    transaction.commit();

    file.committed();
    catalog_.written();
    pending_.clear();
    written_ = checkpoints_;
    offsets_written_ = offsets;
    newest_written_ = std::max(newest, newest_written_);
    horizons_ = due;
    find_oldest(booking);
}

bool SqliteStore::checkpoints_moved() const {
    return !checkpoints_.empty() &&
           !std::equal(checkpoints_.begin(), checkpoints_.end(), written_.begin(), written_.end(),
                       [](const auto& a, const auto& b) { return same_counters(a.second, b.second); });
}

void SqliteStore::write_checkpoints(Booking& booking) {
    if (checkpoints_.empty())
        return;
    for (const auto& [name, checkpoint] : written_) {
        if (!checkpoints_.contains(name))
            booking.remove_checkpoint(name);
    }
    for (const auto& [name, checkpoint] : checkpoints_)
        booking.put_checkpoint(checkpoint);
}

Horizons SqliteStore::due_horizons(Booking& booking, seconds now) const {
    Horizons due = horizons_;
    const auto keep = [&](Tier tier, seconds kept) {
        seconds& horizon = due[static_cast<std::size_t>(tier)];
        const seconds target = calendar_.begin(coarser(tier), now - kept);
        if (target <= horizon)
            return;
        const std::optional<seconds> first = booking.first(tier);
        if (first && *first < target)
            horizon = std::min(target, calendar_.next(coarser(tier), *first + most_removed(tier)));
    };
    keep(Tier::Minute, options_.keep_minutes);
    keep(Tier::Hour, options_.keep_hours);
    if (options_.keep_days)
        keep(Tier::Day, *options_.keep_days);
    return due;
}

void SqliteStore::find_oldest(Booking& booking) {
    oldest_.reset();
    for (const Tier tier : stored_tiers) {
        // What was never cut knows the very first minute
        if (horizons_[static_cast<std::size_t>(tier)] == seconds(0)) {
            oldest_ = booking.first(tier);
            return;
        }
    }
}

} // namespace sockledger
