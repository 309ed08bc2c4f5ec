// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/carried_totals.hpp"

#include <sockledger/daemon.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

namespace sockledger {

/// Two sources behind one Feed: the better one while it can be had.
class LastingFeed final : public Feed {
public:
    using Open = std::function<Result<std::unique_ptr<Feed>>()>;
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    /// Either may be empty.
    LastingFeed(Open daemon, Open local, Clock clock = std::chrono::steady_clock::now);

    Result<SnapshotPtr> sample() override;
    SnapshotPtr latest() const override;
    /// A change of source would close a descriptor that somebody waits for.
    int wake_fd() const override { return -1; }

private:
    void look_for_daemon();
    Result<SnapshotPtr> sample_source();
    SnapshotPtr publish(const Snapshot& taken);

    Open open_daemon_;
    Open open_local_;
    Clock clock_;
    std::unique_ptr<Feed> daemon_;
    std::unique_ptr<Feed> local_;
    std::chrono::steady_clock::time_point look_again_;
    Error away_{"there is no source", 0}; ///< why the daemon does not answer
    CarriedTotals totals_;
    std::uint64_t sequence_ = 0;
    mutable std::mutex mutex_; // of latest_
    SnapshotPtr latest_;
};

} // namespace sockledger
