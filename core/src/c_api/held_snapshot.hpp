// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/feed.hpp>
#include <sockledger/sockledger.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

/// A Snapshot with those of its texts that C++ makes when it is asked.
struct sockledger_snapshot {
    explicit sockledger_snapshot(sockledger::SnapshotPtr taken);

    const sockledger::SnapshotPtr data;
    const std::string missing;
    std::atomic<std::uint32_t> holds{1};
};

namespace sockledger::c_api {

struct Release {
    void operator()(sockledger_snapshot* snapshot) const { sockledger_snapshot_release(snapshot); }
};
using HeldSnapshot = std::unique_ptr<sockledger_snapshot, Release>;

} // namespace sockledger::c_api
