// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/sockledger.h>

#include <memory>

namespace sockledger::collectd {

/// Calls a function of the C ABI where delete would be called.
template<auto function>
struct Closer {
    template<typename T>
    void operator()(T* handle) const {
        function(handle);
    }
};

using FeedHandle = std::unique_ptr<sockledger_feed, Closer<sockledger_feed_close>>;
using SnapshotHandle = std::unique_ptr<sockledger_snapshot, Closer<sockledger_snapshot_release>>;
using ShownHandle = std::unique_ptr<sockledger_shown, Closer<sockledger_shown_close>>;
using DaemonHandle = std::unique_ptr<sockledger_daemon, Closer<sockledger_daemon_close>>;

/// A struct of the C ABI, ready to be filled.
template<typename T>
T sized() {
    T value{};
    value.size = sizeof value;
    return value;
}

} // namespace sockledger::collectd
