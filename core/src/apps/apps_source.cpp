// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/apps_source.hpp"

#include "apps/identity.hpp"
#include "apps/program.hpp"
#include "kernel/procfs.hpp"

#include <unordered_map>
#include <utility>

namespace sockledger {

namespace {

constexpr int most_generations = 16;

/// Decides once for each described process, and again when it was described again after an exec. What
/// it decided is kept for the process's children and forgotten when it exits. Ancestors that nobody
/// described are read when a child asks, and kept for one reading.
class AppsSource : public Source, private Surroundings {
public:
    explicit AppsSource(UniqueFd procfs) : procfs_(std::move(procfs)) {}

    SourceStatus read(Readings& readings) override {
        forget(readings.processes.exited);
        for (const ProcessRecord& record : readings.processes.described) {
            undecided_[record.process.pid] = &record;
        }
        for (const ProcessRecord& record : readings.processes.described) {
            readings.apps.decided.push_back({record.process, decide(record, known_).relative.app});
        }
        undecided_.clear();
        ancestors_.clear();
        forget(readings.processes.exited); // some were described and gone in one reading
        ++round_;
        SourceStatus status;
        status.name = "apps";
        status.accuracy = Accuracy::Exact;
        status.detail = "applications by cgroup, package and program";
        return status;
    }

private:
    struct Member {
        ProcessId process;
        std::uint64_t round = 0; ///< when it was decided; the rounds begin with 1
        Relative relative;
    };
    using Members = std::unordered_map<std::uint32_t, Member>; // by pid

    void forget(const std::vector<ProcessId>& exited) {
        for (const ProcessId& process : exited) {
            const auto member = known_.find(process.pid);
            if (member != known_.end() && member->second.process == process) {
                known_.erase(member);
            }
        }
    }

    const Member& decide(const ProcessRecord& record, Members& members) {
        Member& member = members[record.process.pid];
        if (member.process == record.process && member.round == round_) {
            return member; // a child has asked before
        }
        undecided_.erase(record.process.pid);
        member = {record.process, round_, {}}; // without an app: not yet
        AppIdentity app = identify(record, *this);
        member.relative = {std::move(app), std::string(installed_path(record.exe)), program_of(record).path};
        return member;
    }

    const Member* find_parent(std::uint32_t pid) {
        if (const auto record = undecided_.find(pid); record != undecided_.end()) {
            return &decide(*record->second, known_);
        }
        if (const auto member = known_.find(pid); member != known_.end()) {
            return &member->second;
        }
        if (const auto member = ancestors_.find(pid); member != ancestors_.end()) {
            return &member->second;
        }
        const auto stat = read_stat(procfs_.get(), pid);
        const auto facts = stat ? describe_process(procfs_.get(), {pid, stat->start_ticks}) : std::nullopt;
        return facts ? &decide(facts->record, ancestors_) : nullptr;
    }

    const Relative* parent(const ProcessRecord& child) override {
        constexpr std::uint32_t init = 1;
        if (child.parent_pid <= init || generations_ == most_generations) {
            return nullptr;
        }
        ++generations_;
        const Member* member = find_parent(child.parent_pid);
        --generations_;
        // Who was born after the child has only its parent's pid.
        const bool fits = member && !member->relative.app.id.empty() &&
                          member->process.start_ticks <= child.process.start_ticks;
        return fits ? &member->relative : nullptr;
    }

    std::string flatpak_info(const ProcessRecord& record) override {
        return read_flatpak_info(procfs_.get(), record.process.pid);
    }

    UniqueFd procfs_;
    Members known_;
    Members ancestors_;
    std::unordered_map<std::uint32_t, const ProcessRecord*> undecided_;
    std::uint64_t round_ = 1;
    int generations_ = 0;
};

} // namespace

std::unique_ptr<Source> make_apps_source() {
    auto procfs = open_procfs();
    return std::make_unique<AppsSource>(procfs ? std::move(*procfs) : UniqueFd());
}

} // namespace sockledger
