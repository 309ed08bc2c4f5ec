// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>
#include <sockledger/snapshot.hpp>

#include <memory>
#include <string>

namespace sockledger {

using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// Hands out Snapshots, wherever they come from: this process's engine, a recording, a daemon.
/// Hosts depend on this and on nothing else.
class Feed {
public:
    virtual ~Feed() = default;

    /// Takes the next Snapshot and publishes it. A source that fails is reported in
    /// Snapshot::sources; an Error means that there is no Snapshot: a replay has ended (Error::code is
    /// ENODATA) or is corrupt.
    /// Threads: one thread at a time, the same one that opened the feed.
    virtual Result<SnapshotPtr> sample() = 0;

    /// The newest published Snapshot; nullptr before the first sample().
    /// Threads: any.
    virtual SnapshotPtr latest() const = 0;

    /// A descriptor that polls readable when sample() has something to pick up before its next
    /// regular turn (a link appeared, a new snapshot arrived); -1 if this feed never has.
    /// Owned by the feed. Threads: any, while the feed lives.
    virtual int wake_fd() const = 0;
};

/// Opens a recording made by Engine::record_to(). Every sample() gives the next recorded instant.
/// Fails when the file cannot be read or is no recording; a damaged record ends the replay with an
/// Error that names the line. Threads: any.
Result<std::unique_ptr<Feed>> open_replay(const std::string& path);

} // namespace sockledger
