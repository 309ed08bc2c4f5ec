// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "values.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace sockledger::collectd {

/// A thread that samples, so that collectd's own never wait: neither when they read nor when they end.
/// Threads: one at a time; take() from any.
class Worker {
public:
    /// What the thread does; made, called and destroyed on it.
    struct Work {
        std::function<std::vector<Value>()> sample;
        std::function<void()> between; ///< about once a second
    };
    using Begin = std::function<Work()>;

    /// Throws std::system_error when there can be no thread.
    Worker(Begin begin, std::chrono::nanoseconds interval);
    /// As stop(), with no patience.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Waits for the first sample.
    void wait_for_first(std::chrono::nanoseconds patience);
    /// The newest sample, if it was not taken yet. Does not wait.
    std::vector<Value> take();
    /// Ends the thread. False when it did not end in time, because it waits for a daemon: then it is left
    /// alone, and ends by itself.
    bool stop(std::chrono::nanoseconds patience);

private:
    struct Shared;
    static void run(Shared& shared, const Begin& begin);
    static bool run_turn(Shared& shared, const Work& work);

    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

} // namespace sockledger::collectd
