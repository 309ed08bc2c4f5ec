// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/daemon_feed.hpp"
#include "service/lasting_feed.hpp"

#include <exception>

namespace sockledger {

namespace {

/// A host that can do without the daemon does not wait for one that hangs.
constexpr std::chrono::seconds patience_with_choice{1};
constexpr std::chrono::seconds patience{10};

Result<std::unique_ptr<Feed>> open_local(const EngineOptions& options) {
    auto engine = Engine::open(options);
    if (!engine)
        return std::move(engine).error();
    return std::unique_ptr<Feed>(std::move(*engine));
}

} // namespace

Result<std::unique_ptr<Feed>> open_lasting_feed(const FeedOptions& options) {
    const auto daemon = [options] {
        return DaemonFeed::open(options.socket, options.sections, patience_with_choice);
    };
    const auto local = [options] { return open_local(options.engine); };
    using Source = FeedOptions::Source;
    try {
        return std::unique_ptr<Feed>(
            std::make_unique<LastingFeed>(options.source == Source::Local ? LastingFeed::Open() : daemon,
                                          options.source == Source::Daemon ? LastingFeed::Open() : local));
    } catch (const std::exception& problem) {
        return Error{std::string("cannot open the feed: ") + problem.what()};
    }
}

Result<std::unique_ptr<Feed>> open_feed(const FeedOptions& options) {
    if (options.source == FeedOptions::Source::Local)
        return open_local(options.engine);
    if (options.source == FeedOptions::Source::Daemon)
        return DaemonFeed::open(options.socket, options.sections, patience);
    auto feed = DaemonFeed::open(options.socket, options.sections, patience_with_choice);
    return feed ? std::move(feed) : open_local(options.engine);
}

} // namespace sockledger
