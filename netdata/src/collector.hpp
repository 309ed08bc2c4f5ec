// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "dashboard.hpp"
#include "log.hpp"
#include "output.hpp"

#include <sockledger/feed.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace sockledger::netdata {

/// Samples at every full second (or at every `update every` of them) and writes what Netdata is to show.
class Collector {
public:
    using Open = std::function<Result<std::unique_ptr<Feed>>()>;

    /// What is referred to has to live longer. Counters of the last run are in the file `counters`, if it
    /// is not empty.
    Collector(const Settings& settings, Open open, Output& output, Log& log, std::string counters);

    /// Until it is asked to stop; then keeps the counters. Never throws.
    void run(const std::stop_token& stop);

    /// The newest snapshot, or null. Threads: any.
    SnapshotPtr latest() const;

private:
    void sample();
    void complain(const std::string& problem);
    void say_what_is_missing(const Snapshot& snapshot);
    void load();
    void save();
    void wait_for_turn(const std::stop_token& stop);

    const Settings& settings_;
    const Open open_;
    Output& output_;
    Log& log_;
    const std::string counters_;
    Dashboard dashboard_;
    std::unique_ptr<Feed> feed_;
    std::string problem_;      ///< the last one that was logged
    std::string missing_;      ///< what was last said to be missing
    mutable std::mutex mutex_; // of latest_
    SnapshotPtr latest_;
    std::condition_variable_any turn_;
};

} // namespace sockledger::netdata
