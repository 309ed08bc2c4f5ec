// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history_feed.hpp"

#include "times.hpp"

namespace sockledger::cli {

namespace {

SourceStatus source_of(const HistoryStatus& history, Units units) {
    SourceStatus source;
    source.name = "history";
    source.accuracy = history.recording ? Accuracy::Exact : Accuracy::Unavailable;
    source.detail = history.detail;
    if (history.oldest)
        source.detail +=
            "; " + format_bytes(history.size_bytes, units) + " since " + format_time(*history.oldest);
    if (history.waiting != 0)
        source.detail += "; " + std::to_string(history.waiting) + " rows could not be written yet";
    return source;
}

} // namespace

HistoryFeed::HistoryFeed(Feed& feed, DaemonClient& daemon, Units units)
    : feed_(feed), daemon_(daemon), units_(units) {}

Result<SnapshotPtr> HistoryFeed::sample() {
    const Result<SnapshotPtr> sampled = feed_.sample();
    if (!sampled)
        return sampled;
    const Result<DaemonStatus> status = daemon_.status();
    if (!status)
        return status.error();
    auto snapshot = std::make_shared<Snapshot>(**sampled);
    snapshot->sources.push_back(source_of(status->history, units_));
    return SnapshotPtr(std::move(snapshot));
}

bool is_from_daemon(const Snapshot& snapshot) {
    return snapshot.source("daemon") != nullptr;
}

} // namespace sockledger::cli
