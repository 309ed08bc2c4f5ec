// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/engine.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace sockledger::daemon {

/// Samples the engine at every interval, and in between for a client that wants to know now.
/// The socket table is the dear part, so it is read when somebody asks for it; without packet counts
/// it is all there is, and read often.
/// Threads: the one that runs the io_context.
class Sampler {
public:
    /// `seen` gets every Snapshot, `failed` why there is none.
    Sampler(boost::asio::io_context& context, std::unique_ptr<Engine> engine,
            std::function<void(const SnapshotPtr&)> seen, std::function<void(const Error&)> failed);

    /// The first sample, then one at every interval.
    Result<void> start(std::chrono::seconds interval);
    void set_interval(std::chrono::seconds interval) { interval_ = interval; }

    /// At most a quarter of a second old, and so is its socket table when `sockets` are asked for.
    Result<SnapshotPtr> fresh(bool sockets);
    /// Samples unless that has just been done, so that history has what has happened until now.
    void catch_up();
    SnapshotPtr latest() const { return engine_->latest(); }

private:
    Result<SnapshotPtr> sample(bool sockets);
    void try_to_sample();
    void wait();
    bool needs_sockets() const;

    std::unique_ptr<Engine> engine_;
    std::function<void(const SnapshotPtr&)> seen_;
    std::function<void(const Error&)> failed_;
    std::chrono::seconds interval_{1};
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point tried_at_;
    std::chrono::steady_clock::time_point sampled_at_;
    std::chrono::steady_clock::time_point sockets_read_at_;
};

} // namespace sockledger::daemon
