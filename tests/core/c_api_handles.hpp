// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/sockledger.h>

#include <QTest>

#include <cerrno>
#include <cstdint>
#include <memory>

/// What tests of the C ABI share: handles that close themselves, and structs that know their size.
namespace sockledger::test {

template<typename Row>
Row empty() {
    Row row{};
    row.size = sizeof row;
    return row;
}

template<auto close>
struct Closing {
    void operator()(auto* handle) const { close(handle); }
};
using FeedHandle = std::unique_ptr<sockledger_feed, Closing<sockledger_feed_close>>;
using SnapshotHandle = std::unique_ptr<sockledger_snapshot, Closing<sockledger_snapshot_release>>;
using DaemonHandle = std::unique_ptr<sockledger_daemon, Closing<sockledger_daemon_close>>;
using ShownHandle = std::unique_ptr<sockledger_shown, Closing<sockledger_shown_close>>;

inline sockledger_feed_options feed_options(std::uint32_t source, const char* path) {
    auto options = empty<sockledger_feed_options>();
    options.source = source;
    options.path = path;
    return options;
}

inline FeedHandle opened(const sockledger_feed_options& options) {
    sockledger_feed* feed = nullptr;
    sockledger_feed_open(&options, &feed, nullptr, 0);
    return FeedHandle(feed);
}

inline SnapshotHandle sampled(const FeedHandle& feed) {
    sockledger_snapshot* snapshot = nullptr;
    sockledger_feed_sample(feed.get(), &snapshot);
    return SnapshotHandle(snapshot);
}

inline std::uint64_t sequence(const sockledger_snapshot* snapshot) {
    auto info = empty<sockledger_snapshot_info>();
    return sockledger_snapshot_describe(snapshot, &info) == 0 ? info.sequence : 0;
}

/// As the next version of the ABI may have it.
template<typename Struct>
struct Later {
    Struct now;
    std::uint64_t more;
};

template<typename Struct, typename Call>
void check_sizes(std::size_t first, Call call) {
    Later<Struct> row{};
    row.more = 42;
    row.now.size = first - 1;
    QCOMPARE(call(&row.now), -EINVAL);
    row.now.size = 0;
    QCOMPARE(call(&row.now), -EINVAL);
    QCOMPARE(call(static_cast<Struct*>(nullptr)), -EINVAL);
    row.now.size = first;
    QCOMPARE(call(&row.now), 0);
    QCOMPARE(row.now.size, first);
    row.now.size = sizeof row;
    QCOMPARE(call(&row.now), 0);
    QCOMPARE(row.now.size, sizeof row.now);
    QCOMPARE(row.more, 42u);
}

} // namespace sockledger::test
