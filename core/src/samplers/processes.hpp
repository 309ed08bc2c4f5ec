// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/cgroupfs.hpp"
#include "kernel/procfs.hpp"
#include "kernel/unique_fd.hpp"
#include "kernel/users.hpp"
#include "samplers/source.hpp"

#include <memory>
#include <unordered_map>

namespace sockledger {

/// Describes each process that the sources before it have met: once, and again after an exec. Who is
/// gone already is described by what the kernel side noted. Reports who has exited, and forgets them
/// when no other source speaks of them any more.
class ProcessesSource : public Source {
public:
    /// `procfs` is a descriptor of /proc or of a tree like it; without one only the kernel side's notes
    /// are known.
    explicit ProcessesSource(UniqueFd procfs);

    SourceStatus read(Readings& readings) override;

    /// How many processes are remembered.
    std::size_t size() const { return known_.size(); }

private:
    struct Known {
        std::uint64_t described = 0; ///< the round in which it was described last; 0 for never
        bool gone = false;           ///< exited, or not to be found from the beginning
        bool exit_told = false;
        bool hidden = false;          ///< the program may not be seen
        std::string comm;             ///< as last described
        std::uint32_t exec_count = 0; ///< of the KernelIdentity that it was described with
        std::uint64_t noted = 0;      ///< the round in which the kernel side last had an identity of it
        std::uint64_t met = 0;        ///< the round in which any source last spoke of it
    };
    struct Hash {
        std::size_t operator()(const ProcessId& process) const {
            return std::hash<std::uint64_t>{}(process.start_ticks << 22 ^ process.pid);
        }
    };

    Known& meet(const ProcessId& process);
    void meet_noted(Readings& readings);
    void meet_others(Readings& readings);
    void watch_others(ProcessesReading& reading);
    void describe(const ProcessId& process, Known& known, const KernelIdentity* identity,
                  ProcessesReading& reading);
    void note_exit(const ProcessId& process, Known& known, ProcessesReading& reading);
    SourceStatus status() const;

    UniqueFd procfs_;
    UserNames users_;
    CgroupPaths cgroups_;
    std::unordered_map<ProcessId, Known, Hash> known_;
    std::uint64_t round_ = 0;
};

/// The processes of this machine.
std::unique_ptr<Source> make_processes_source();

} // namespace sockledger
