// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/feed.hpp>

#include <cstdint>
#include <memory>

namespace sockledger {

/// Snapshots that nobody reads any more, to be filled again: their strings and tables keep their
/// memory, so a steady machine costs no allocation at each sample.
class SnapshotPool {
public:
    struct Slot {
        Snapshot snapshot;                     ///< holds an old picture; the user writes every member
        std::uint64_t connections_version = 0; ///< which socket table `snapshot.connections` shows; 0: none
    };

    /// The slot comes back by itself when its last owner lets go, on whatever thread, even after the
    /// pool has gone. Threads: one at a time.
    std::shared_ptr<Slot> take();

private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

} // namespace sockledger
