// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/local_engine.hpp"

#include <exception>

namespace sockledger {

namespace {

// A source that threw half-way may have left half of its part.
void clear_part(Readings& readings, const std::string& name) {
    if (name == "links") {
        readings.links = {};
    } else if (name == "traffic") {
        readings.traffic = {};
    } else if (name == "sockets") {
        readings.sockets = {};
    } else if (name == "processes") {
        readings.processes = {};
    } else if (name == "apps") {
        readings.apps = {};
    }
}

ProcessRecord record_of(const Process& process) {
    return {.process = process.id,
            .comm = process.comm,
            .exe = process.exe,
            .command_line = process.command_line,
            .user = process.user,
            .uid = process.uid,
            .parent_pid = process.parent_pid,
            .cgroup = process.cgroup};
}

} // namespace

LocalEngine::LocalEngine(std::vector<std::unique_ptr<Source>> sources, Clock clock)
    : clock_(std::move(clock)) {
    for (std::unique_ptr<Source>& source : sources) {
        wake_.add(source->wake_fd());
        sources_.push_back({std::move(source), "source"});
    }
}

SourceStatus LocalEngine::read(NamedSource& source, Readings& readings) const {
    const Instant begin = clock_();
    SourceStatus status;
    try {
        status = source.source->read(readings);
        source.name = status.name;
    } catch (const std::exception& error) {
        clear_part(readings, source.name);
        status = {};
        status.name = source.name;
        status.detail = std::string("reading failed: ") + error.what();
    }
    status.took = clock_().boottime - begin.boottime;
    return status;
}

Readings LocalEngine::read_all() {
    Readings readings;
    readings.time = clock_();
    for (NamedSource& source : sources_) {
        readings.sources.push_back(read(source, readings));
    }
    for (NamedSource& source : sources_) {
        source.source->complete(readings);
    }
    return readings;
}

// A recording that begins late starts with the processes that were described before.
void LocalEngine::record(Readings& readings) {
    if (!recording_) {
        return;
    }
    if (!recording_error_) {
        Result<void> written;
        if (std::exchange(recording_begins_, false) && latest_) {
            Readings first = readings;
            std::vector<ProcessRecord>& described = first.processes.described;
            std::vector<AppDecision>& decided = first.apps.decided;
            described.clear();
            decided.clear();
            for (const Process& process : latest_->processes) {
                described.push_back(record_of(process));
                if (const App* const app = latest_->app(process.app)) {
                    decided.push_back({process.id, {app->id, app->name, app->icon}});
                }
                if (!process.alive) {
                    first.processes.exited.push_back(process.id);
                }
            }
            described.insert(described.end(), readings.processes.described.begin(),
                             readings.processes.described.end());
            decided.insert(decided.end(), readings.apps.decided.begin(), readings.apps.decided.end());
            written = recording_->append(first);
        } else {
            written = recording_->append(readings);
        }
        if (!written) {
            recording_error_ = std::move(written).error();
        }
    }
    if (recording_error_) {
        SourceStatus status;
        status.name = "recording";
        status.detail = recording_error_->message;
        readings.sources.push_back(std::move(status));
    }
}

Result<SnapshotPtr> LocalEngine::sample() {
    try {
        Readings readings = read_all();
        record(readings);
        SnapshotPtr snapshot = ledger_.apply(readings);
        SnapshotPtr old = snapshot; // let go after the lock
        const std::lock_guard lock(mutex_);
        latest_.swap(old);
        return snapshot;
    } catch (const std::exception& error) {
        return Error{std::string("cannot take a sample: ") + error.what()};
    }
}

SnapshotPtr LocalEngine::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

void LocalEngine::set_socket_interval(std::chrono::milliseconds interval) {
    for (NamedSource& source : sources_) {
        source.source->set_interval(interval);
    }
}

Result<void> LocalEngine::record_to(const std::string& path) {
    auto writer = RecordingWriter::create(path, clock_());
    if (!writer) {
        return std::move(writer).error();
    }
    recording_.emplace(*std::move(writer));
    recording_error_.reset();
    recording_begins_ = true;
    return {};
}

} // namespace sockledger
