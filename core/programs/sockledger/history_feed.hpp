// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"

#include <sockledger/daemon.hpp>

#include <memory>

namespace sockledger::cli {

/// A daemon's Feed whose Snapshots have one more source, "history": how its recorder is.
class HistoryFeed : public Feed {
public:
    HistoryFeed(Feed& feed, DaemonClient& daemon, Units units);

    Result<SnapshotPtr> sample() override;
    SnapshotPtr latest() const override { return feed_.latest(); }
    int wake_fd() const override { return feed_.wake_fd(); }

private:
    Feed& feed_;
    DaemonClient& daemon_;
    Units units_;
};

/// The Snapshot came from a daemon.
bool is_from_daemon(const Snapshot& snapshot);

} // namespace sockledger::cli
