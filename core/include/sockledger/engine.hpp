// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/feed.hpp>

#include <chrono>
#include <string>

namespace sockledger {

struct EngineOptions {
    /// Count each packet with BPF when the kernel and our privileges allow it.
    bool exact_traffic = true;
    /// Read the socket table at most this often; counters and rates are read at every sample.
    std::chrono::milliseconds socket_interval{0};
    /// Read the socket table at all.
    bool sockets = true;
};

/// The engine in this process: reads the kernel's surfaces, attributes, and publishes Snapshots.
/// It has no thread and no event loop of its own.
class Engine : public Feed {
public:
    /// Opens every source that this process may use; one that it may not is reported in
    /// Snapshot::sources with the reason. Counting begins here: totals start at zero.
    /// Interfaces are those of the calling thread's network namespace. Threads: any.
    static Result<std::unique_ptr<Engine>> open(const EngineOptions& options = {});

    /// Changes EngineOptions::socket_interval from the next sample() on. Threads: as sample().
    virtual void set_socket_interval(std::chrono::milliseconds interval) = 0;

    /// Appends every later sample's readings to a new file at `path` (JSON lines), until the engine
    /// is destroyed. Fails when the file cannot be created. Threads: as sample().
    virtual Result<void> record_to(const std::string& path) = 0;
};

} // namespace sockledger
