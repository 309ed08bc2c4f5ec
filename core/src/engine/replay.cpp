// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/ledger.hpp"
#include "engine/recording_file.hpp"

#include <cerrno>
#include <exception>
#include <mutex>

namespace sockledger {

namespace {

/// A recording's Readings, through a Ledger of its own.
class Replay final : public Feed {
public:
    Replay(RecordingReader reader, std::string path) : reader_(std::move(reader)), path_(std::move(path)) {}

    Result<SnapshotPtr> sample() override {
        if (ended_) {
            return *ended_;
        }
        try {
            Result<std::optional<Readings>> readings = reader_.next();
            if (!readings) {
                ended_ = std::move(readings).error();
                return *ended_;
            }
            if (!*readings) {
                ended_ = Error{path_ + ": the recording has ended", ENODATA};
                return *ended_;
            }
            SnapshotPtr snapshot = ledger_.apply(**readings);
            SnapshotPtr old = snapshot; // let go after the lock
            const std::lock_guard lock(mutex_);
            latest_.swap(old);
            return snapshot;
        } catch (const std::exception& error) {
            return Error{path_ + ": " + error.what()};
        }
    }

    SnapshotPtr latest() const override {
        const std::lock_guard lock(mutex_);
        return latest_;
    }

    int wake_fd() const override { return -1; }

private:
    RecordingReader reader_;
    std::string path_;
    Ledger ledger_;
    std::optional<Error> ended_;
    mutable std::mutex mutex_; // of latest_
    SnapshotPtr latest_;
};

} // namespace

Result<std::unique_ptr<Feed>> open_replay(const std::string& path) {
    try {
        auto reader = RecordingReader::open(path);
        if (!reader) {
            return std::move(reader).error();
        }
        return std::unique_ptr<Feed>(std::make_unique<Replay>(*std::move(reader), path));
    } catch (const std::exception& error) {
        return Error{path + ": " + error.what()};
    }
}

} // namespace sockledger
