// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/processes.hpp"

#include "kernel/text.hpp"

#include <algorithm>
#include <utility>

namespace sockledger {

ProcessesSource::ProcessesSource(UniqueFd procfs) : procfs_(std::move(procfs)) {}

ProcessesSource::Known& ProcessesSource::meet(const ProcessId& process) {
    Known& known = known_[process];
    known.met = round_;
    return known;
}

void ProcessesSource::note_exit(const ProcessId& process, Known& known, ProcessesReading& reading) {
    if (known.described != 0 && !known.exit_told) {
        reading.exited.push_back(process);
        known.exit_told = true;
    }
    known.gone = true;
}

void ProcessesSource::describe(const ProcessId& process, Known& known, const KernelIdentity* identity,
                               ProcessesReading& reading) {
    ProcessRecord record;
    if (auto facts = describe_process(procfs_.get(), process)) {
        record = std::move(facts->record);
        if (record.exe.empty() && identity && !facts->kernel_thread) {
            record.exe = identity->exe;
        }
        known.hidden = facts->hidden && record.exe.empty() && !facts->kernel_thread;
    } else if (identity) {
        record.process = process;
        record.comm = identity->comm;
        record.exe = identity->exe;
        record.uid = identity->uid;
        record.parent_pid = identity->parent_pid;
        record.cgroup = cgroups_.path(identity->cgroup_id);
        known.hidden = false;
    } else {
        note_exit(process, known, reading);
        return;
    }
    record.user = users_.name(record.uid);
    known.comm = record.comm;
    known.described = round_;
    known.gone = false;
    reading.described.push_back(std::move(record));
}

// Those that the kernel side follows: it says when they exec and when they exit.
void ProcessesSource::meet_noted(Readings& readings) {
    for (const auto& identity : readings.traffic.identities) {
        if (identity.process.pid == 0) {
            continue;
        }
        Known& known = meet(identity.process);
        known.noted = round_;
        if (known.described == 0 || (!known.gone && known.exec_count != identity.exec_count)) {
            known.exec_count = identity.exec_count;
            describe(identity.process, known, &identity, readings.processes);
        }
        if (identity.exited) {
            note_exit(identity.process, known, readings.processes);
        }
    }
}

// Those that only hold a socket or have moved bytes.
void ProcessesSource::meet_others(Readings& readings) {
    ProcessId last; // a table lists the sockets of a process in a row
    const auto meet_other = [&](const ProcessId& process) {
        if (process.pid == 0 || process == last) {
            return;
        }
        last = process;
        Known& known = meet(process);
        if (known.described == 0 && !known.gone) {
            describe(process, known, nullptr, readings.processes);
        }
    };
    for (const auto& row : readings.traffic.rows) {
        meet_other(row.process);
    }
    for (const auto& socket : readings.sockets.sockets) {
        meet_other(socket.process);
        meet_other(socket.owner);
    }
}

// Nobody tells of their exec and exit, so /proc is looked at again; the others cost nothing here.
void ProcessesSource::watch_others(ProcessesReading& reading) {
    for (auto& [process, known] : known_) {
        if (known.noted == round_ || known.described == round_ || known.gone) {
            continue;
        }
        const auto stat = read_stat(procfs_.get(), process.pid);
        if (!stat || stat->start_ticks != process.start_ticks || is_dead(*stat)) {
            note_exit(process, known, reading);
        } else if (printable(stat->comm) != known.comm) {
            describe(process, known, nullptr, reading);
        }
    }
}

SourceStatus ProcessesSource::read(Readings& readings) {
    ++round_;
    cgroups_.allow_search();
    meet_noted(readings);
    meet_others(readings);
    watch_others(readings.processes);
    // An exited one stays as long as its last bytes are read, so that it is not taken for a new one.
    std::erase_if(known_, [&](const auto& entry) { return entry.second.gone && entry.second.met != round_; });
    return status();
}

SourceStatus ProcessesSource::status() const {
    SourceStatus status;
    status.name = "processes";
    if (!procfs_) {
        status.detail = "/proc is not readable: only what the kernel side noted is known of processes";
        return status;
    }
    const auto hidden = std::ranges::count_if(
        known_, [](const auto& entry) { return entry.second.hidden && !entry.second.gone; });
    status.accuracy = hidden == 0 ? Accuracy::Exact : Accuracy::Partial;
    status.detail = "names and users of processes by /proc, read once each";
    if (hidden > 0) {
        status.detail += "; the program of " + std::to_string(hidden) +
                         (hidden == 1 ? " process" : " processes") +
                         " may not be seen without CAP_SYS_PTRACE";
    }
    return status;
}

std::unique_ptr<Source> make_processes_source() {
    auto procfs = open_procfs();
    return std::make_unique<ProcessesSource>(procfs ? std::move(*procfs) : UniqueFd());
}

} // namespace sockledger
