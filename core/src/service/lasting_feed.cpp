// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/lasting_feed.hpp"

#include <exception>
#include <utility>

namespace sockledger {

namespace {

constexpr std::chrono::seconds between_looks{5};

} // namespace

LastingFeed::LastingFeed(Open daemon, Open local, Clock clock)
    : open_daemon_(std::move(daemon))
    , open_local_(std::move(local))
    , clock_(std::move(clock))
    , look_again_(clock_()) {}

void LastingFeed::look_for_daemon() {
    const auto now = clock_();
    if (daemon_ || !open_daemon_ || now < look_again_)
        return;
    look_again_ = now + between_looks;
    auto daemon = open_daemon_();
    if (daemon)
        daemon_ = *std::move(daemon);
    else
        away_ = std::move(daemon).error();
}

Result<SnapshotPtr> LastingFeed::sample_source() {
    look_for_daemon();
    if (daemon_) {
        auto snapshot = daemon_->sample();
        if (snapshot) {
            local_.reset();
            return snapshot;
        }
        away_ = std::move(snapshot).error();
        daemon_.reset();
        look_again_ = clock_() + between_looks;
    }
    if (!local_ && open_local_) {
        auto local = open_local_();
        if (!local)
            return std::move(local).error();
        local_ = *std::move(local);
    }
    return local_ ? local_->sample() : Result<SnapshotPtr>(away_);
}

SnapshotPtr LastingFeed::publish(const Snapshot& taken) {
    auto snapshot = std::make_shared<Snapshot>(taken);
    totals_.carry(*snapshot);
    snapshot->sequence = ++sequence_;
    if (open_daemon_ && !daemon_)
        snapshot->sources.insert(snapshot->sources.begin(),
                                 {"daemon", Accuracy::Unavailable, 0, 0, {}, away_.message});
    const std::lock_guard lock(mutex_);
    latest_ = std::move(snapshot);
    return latest_;
}

Result<SnapshotPtr> LastingFeed::sample() {
    try {
        auto taken = sample_source();
        if (!taken)
            return std::move(taken).error();
        return publish(**taken);
    } catch (const std::exception& problem) {
        return Error{std::string("cannot take a sample: ") + problem.what()};
    }
}

SnapshotPtr LastingFeed::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

} // namespace sockledger
