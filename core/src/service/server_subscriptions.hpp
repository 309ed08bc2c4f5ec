// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/backend.hpp"
#include "service/server_snapshots.hpp"
#include "service/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace sockledger {

/// Streams of Snapshots. Clients that want the same at the same interval are one group: it is sampled,
/// rated and written once for all. Groups tick at multiples of their interval on the steady clock, so
/// that different ones share the same Snapshot too. Threads: that of the io_context.
class Subscriptions {
public:
    Subscriptions(boost::asio::io_context& loop, Backend& backend, SeenSnapshots& seen,
                  SnapshotMessages& messages)
        : loop_(loop), backend_(backend), seen_(seen), messages_(messages) {}

    /// The first Snapshot at once, which fails when there is none, then one at each tick. Who has not
    /// taken the one before by then goes without.
    Result<void> add(const std::shared_ptr<Session>& session, const View& view,
                     std::chrono::milliseconds interval);

private:
    struct Group {
        View view;
        std::chrono::milliseconds interval;
        boost::asio::steady_timer timer;
        std::vector<std::weak_ptr<Session>> sessions;
        SeenSnapshots::Seen last;
    };

    Group& group_of(const View& view, std::chrono::milliseconds interval);
    void wait(const std::shared_ptr<Group>& group);
    void tick(const std::shared_ptr<Group>& group);
    void erase_empty_groups();

    boost::asio::io_context& loop_;
    Backend& backend_;
    SeenSnapshots& seen_;
    SnapshotMessages& messages_;
    std::vector<std::shared_ptr<Group>> groups_;
};

} // namespace sockledger
