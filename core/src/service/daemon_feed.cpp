// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/daemon_feed.hpp"

#include "service/service_json.hpp"
#include "service/snapshot_reader.hpp"

#include <cerrno>
#include <exception>
#include <utility>

namespace sockledger {

namespace {

using Clock = Deadline::clock;

constexpr std::chrono::seconds patience_with_samples{10};

} // namespace

Result<std::unique_ptr<Feed>> DaemonFeed::open(const std::string& socket, const Sections& sections,
                                               std::chrono::milliseconds patience) {
    try {
        varlink::Client daemon(socket);
        // Somebody may listen who is no daemon, or one that hangs.
        const auto status = daemon.call("io.sockledger.GetStatus", "{}", Clock::now() + patience);
        if (!status)
            return status.error();
        std::string parameters;
        GetSnapshotParameters call{sections, {}};
        call.filter.all = true; // a host chooses its rows itself
        append_parameters(parameters, call);
        return std::unique_ptr<Feed>(new DaemonFeed(std::move(daemon), std::move(parameters)));
    } catch (const std::exception& problem) {
        return Error{socket + ": " + problem.what()};
    }
}

Result<std::shared_ptr<Snapshot>> DaemonFeed::ask() {
    const auto answer =
        daemon_.call("io.sockledger.GetSnapshot", parameters_, Clock::now() + patience_with_samples);
    if (!answer)
        return answer.error();
    const auto* const document = answer->if_contains("snapshot");
    if (!document)
        return Error{daemon_.path() + ": an answer without a snapshot", EBADMSG};
    auto snapshot = read_snapshot(*document);
    if (!snapshot)
        return Error{daemon_.path() + ": a snapshot that cannot be understood: " + snapshot.error().message,
                     EBADMSG};
    return snapshot;
}

Result<SnapshotPtr> DaemonFeed::sample() {
    try {
        const auto began = Clock::now();
        auto snapshot = ask();
        if (!snapshot)
            return std::move(snapshot).error();
        (*snapshot)->sequence = ++sequence_;
        (*snapshot)->sources.insert(
            (*snapshot)->sources.begin(),
            {"daemon", Accuracy::Exact, 0, 0, Clock::now() - began, "from sockledgerd at " + daemon_.path()});
        const std::lock_guard lock(mutex_);
        latest_ = std::move(*snapshot);
        return latest_;
    } catch (const std::exception& problem) {
        return Error{daemon_.path() + ": " + problem.what()};
    }
}

SnapshotPtr DaemonFeed::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

} // namespace sockledger
