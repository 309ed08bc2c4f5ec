// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/varlink_client.hpp"

#include <sockledger/daemon.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace sockledger {

/// The Snapshots of a daemon.
class DaemonFeed final : public Feed {
public:
    /// Fails unless a daemon answers within `patience`.
    static Result<std::unique_ptr<Feed>> open(const std::string& socket, const Sections& sections,
                                              std::chrono::milliseconds patience);

    Result<SnapshotPtr> sample() override;
    SnapshotPtr latest() const override;
    int wake_fd() const override { return -1; }

private:
    DaemonFeed(varlink::Client daemon, std::string parameters)
        : daemon_(std::move(daemon)), parameters_(std::move(parameters)) {}

    Result<std::shared_ptr<Snapshot>> ask();

    varlink::Client daemon_;
    std::string parameters_; // of every call
    // Ours: the daemon's begins anew when it does, and skips what others have asked for.
    std::uint64_t sequence_ = 0;
    mutable std::mutex mutex_; // of latest_
    SnapshotPtr latest_;
};

} // namespace sockledger
