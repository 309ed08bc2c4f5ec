// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "sharedfeed.h"

#include <atomic>
#include <mutex>

namespace sockledger::testing {

/// Feeds that say what a test wants, for one key. Every FakeFeed has another one.
class FakeFeed {
public:
    explicit FakeFeed(const Snapshot& snapshot) {
        static int number = 0;
        key_.recording = QStringLiteral("fake-%1").arg(++number);
        set(snapshot);
        SharedFeed::setOpen([state = state_](const FeedKey&) -> Result<std::unique_ptr<Feed>> {
            return std::unique_ptr<Feed>(std::make_unique<Opened>(state));
        });
    }

    const FeedKey& key() const { return key_; }
    void set(const Snapshot& snapshot) {
        const std::lock_guard lock(state_->mutex);
        state_->snapshot = std::make_shared<const Snapshot>(snapshot);
    }
    bool open() const { return state_->open > 0; }

private:
    struct State {
        std::mutex mutex;
        SnapshotPtr snapshot;
        std::atomic<int> open = 0;
    };
    class Opened : public Feed {
    public:
        explicit Opened(std::shared_ptr<State> state) : state_(std::move(state)) { ++state_->open; }
        ~Opened() override { --state_->open; }
        Result<SnapshotPtr> sample() override { return latest(); }
        SnapshotPtr latest() const override {
            const std::lock_guard lock(state_->mutex);
            return state_->snapshot;
        }
        int wake_fd() const override { return -1; }

    private:
        const std::shared_ptr<State> state_;
    };

    FeedKey key_;
    const std::shared_ptr<State> state_ = std::make_shared<State>();
};

} // namespace sockledger::testing
