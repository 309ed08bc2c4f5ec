// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/ledger.hpp"
#include "engine/recording_file.hpp"
#include "kernel/wake_set.hpp"
#include "samplers/source.hpp"

#include <sockledger/engine.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sockledger {

/// The Engine over any sources and any clock; Engine::open() gives it the real ones.
class LocalEngine final : public Engine {
public:
    using Clock = std::function<Instant()>;
    LocalEngine(std::vector<std::unique_ptr<Source>> sources, Clock clock);

    Result<SnapshotPtr> sample() override;
    SnapshotPtr latest() const override;
    int wake_fd() const override { return wake_.fd(); }
    void set_socket_interval(std::chrono::milliseconds interval) override;
    Result<void> record_to(const std::string& path) override;

private:
    struct NamedSource {
        std::unique_ptr<Source> source;
        std::string name; // as its last status said
    };
    SourceStatus read(NamedSource& source, Readings& readings) const;
    Readings read_all();
    void record(Readings& readings);

    std::vector<NamedSource> sources_;
    Clock clock_;
    WakeSet wake_;
    Ledger ledger_;
    std::optional<RecordingWriter> recording_;
    std::optional<Error> recording_error_;
    bool recording_begins_ = false;
    mutable std::mutex mutex_; // of latest_
    SnapshotPtr latest_;
};

} // namespace sockledger
