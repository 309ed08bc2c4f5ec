// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/answer.hpp"
#include "c_api/held_snapshot.hpp"
#include "c_api/sized.hpp"

#include <sockledger/daemon.hpp>

#include <mutex>
#include <utility>

using namespace sockledger;
using namespace sockledger::c_api;

struct sockledger_feed {
    std::unique_ptr<Feed> feed;
    std::string error;
    mutable std::mutex mutex; // of latest
    HeldSnapshot latest;
};

namespace {

constexpr std::uint32_t all_flags = SOCKLEDGER_FEED_LASTING | SOCKLEDGER_FEED_NO_BPF;
constexpr std::uint32_t all_sections =
    SOCKLEDGER_INTERFACES | SOCKLEDGER_APPS | SOCKLEDGER_PROCESSES | SOCKLEDGER_CONNECTIONS;

FeedOptions to_cpp(const sockledger_feed_options& chosen) {
    FeedOptions options;
    options.source = chosen.source == SOCKLEDGER_DAEMON  ? FeedOptions::Source::Daemon
                     : chosen.source == SOCKLEDGER_LOCAL ? FeedOptions::Source::Local
                                                         : FeedOptions::Source::Automatic;
    if (chosen.path)
        options.socket = chosen.path;
    if (const std::uint32_t sections = chosen.sections; sections != 0)
        options.sections = {(sections & SOCKLEDGER_INTERFACES) != 0, (sections & SOCKLEDGER_APPS) != 0,
                            (sections & SOCKLEDGER_PROCESSES) != 0, (sections & SOCKLEDGER_CONNECTIONS) != 0};
    options.engine.exact_traffic = !(chosen.flags & SOCKLEDGER_FEED_NO_BPF);
    options.engine.socket_interval = std::chrono::milliseconds(chosen.socket_interval_ms);
    return options;
}

Result<std::unique_ptr<Feed>> open(const sockledger_feed_options& chosen) {
    if (chosen.source > SOCKLEDGER_REPLAY || (chosen.flags & ~all_flags) || (chosen.sections & ~all_sections))
        return Error{"a source, flag or section that this library does not know", EINVAL};
    const bool lasting = chosen.flags & SOCKLEDGER_FEED_LASTING;
    if (chosen.source == SOCKLEDGER_REPLAY) {
        if (!chosen.path || lasting)
            return Error{"a replay takes the path of a recording, and does not last", EINVAL};
        return open_replay(chosen.path);
    }
    return lasting ? open_lasting_feed(to_cpp(chosen)) : open_feed(to_cpp(chosen));
}

Result<void> open(const sockledger_feed_options* options, sockledger_feed** feed) {
    if (!feed)
        return Error{"there is no place for the feed", EINVAL};
    *feed = nullptr;
    sockledger_feed_options chosen{};
    if (const int refused = options ? take(options, chosen) : 0; refused != 0)
        return Error{"options of a size or with a field that this library does not know", -refused};
    auto opened = open(chosen);
    if (!opened)
        return std::move(opened).error();
    auto made = std::make_unique<sockledger_feed>();
    made->feed = *std::move(opened);
    *feed = made.release();
    return {};
}

Result<void> sample(sockledger_feed& feed, sockledger_snapshot** snapshot) {
    auto taken = feed.feed->sample();
    if (!taken)
        return std::move(taken).error();
    HeldSnapshot newest(new sockledger_snapshot(*std::move(taken)));
    *snapshot = sockledger_snapshot_hold(newest.get());
    const std::lock_guard lock(feed.mutex);
    feed.latest.swap(newest);
    return {};
}

} // namespace

int sockledger_feed_open(const sockledger_feed_options* options, sockledger_feed** feed, char* error,
                         size_t error_size) {
    const auto say = [&](std::string_view text) { copy_text(text, error, error_size); };
    say("");
    return answer(say, [&] { return open(options, feed); });
}

void sockledger_feed_close(sockledger_feed* feed) {
    delete feed;
}

int sockledger_feed_sample(sockledger_feed* feed, sockledger_snapshot** snapshot) {
    if (!feed || !snapshot)
        return -EINVAL;
    *snapshot = nullptr;
    feed->error.clear();
    return answer([&](std::string_view text) { feed->error = text; },
                  [&] { return sample(*feed, snapshot); });
}

sockledger_snapshot* sockledger_feed_latest(const sockledger_feed* feed) {
    if (!feed)
        return nullptr;
    const std::lock_guard lock(feed->mutex);
    return sockledger_snapshot_hold(feed->latest.get());
}

int sockledger_feed_wake_fd(const sockledger_feed* feed) {
    return feed ? feed->feed->wake_fd() : -1;
}

const char* sockledger_feed_error(const sockledger_feed* feed) {
    return feed ? feed->error.c_str() : "";
}
