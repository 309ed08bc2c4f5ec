// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/session.hpp"
#include "service/snapshot_json.hpp"
#include "service/visibility.hpp"

#include <sockledger/feed.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

/// Snapshots on their way to clients. Threads: one at a time.
namespace sockledger {

/// What a client wants to see and may see of each Snapshot.
struct View {
    Sections sections;
    Selection selection;
    Visible visible;
    bool operator==(const View&) const = default;

    /// Whether the socket table is needed for it: applications and processes count their sockets.
    bool sockets() const { return sections.apps || sections.processes || sections.connections; }
};

/// Snapshots that clients have seen and whose next rates count from. Each is kept as long as somebody
/// has it, but only so many: a client whose Snapshot was dropped gets the rates of the engine instead.
class SeenSnapshots {
public:
    using Seen = std::shared_ptr<const SnapshotPtr>; ///< what it points to may become null

    Seen keep(const SnapshotPtr& snapshot);

private:
    static constexpr std::size_t most = 16;
    std::deque<std::weak_ptr<SnapshotPtr>> kept_; // oldest first
};

/// Answers made of Snapshots, each made once for all who get the same.
class SnapshotMessages {
public:
    /// `now` with the rates since `before`, which may be null. One of several if it `continues`.
    Message message(const SnapshotPtr& now, const SnapshotPtr& before, const View& view, bool continues);
    /// Gives back the memory.
    void clear();

private:
    struct Made {
        std::uint64_t before;
        View view;
        bool continues;
        Message message;
    };
    static constexpr std::size_t most = 64;
    static constexpr std::size_t most_bytes = 16 << 20;

    SnapshotPtr now_; // that all of them show
    std::vector<Made> made_;
    std::size_t bytes_ = 0;
};

} // namespace sockledger
