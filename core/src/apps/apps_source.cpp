// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/apps_source.hpp"

#include "apps/identity.hpp"
#include "apps/program.hpp"
#include "kernel/procfs.hpp"

#include <utility>

namespace sockledger {

namespace {

constexpr std::chrono::seconds refresh_interval{30};
constexpr int most_generations = 16;

} // namespace

AppsSource::AppsSource(UniqueFd procfs, DesktopIndexes desktop, ContainerNames containers)
    : procfs_(std::move(procfs)), desktop_(std::move(desktop)), containers_(std::move(containers)) {}

SourceStatus AppsSource::read(Readings& readings) {
    const auto& [described, exited] = readings.processes;
    ++round_;
    refresh(readings.time.boottime);
    forget(exited);
    for (const ProcessRecord& record : described) {
        undecided_[record.process.pid] = &record;
    }
    for (const ProcessRecord& record : described) {
        readings.apps.decided.push_back({record.process, decide(record, known_).relative.app});
    }
    undecided_.clear();
    ancestors_.clear();
    forget(exited); // who was described and gone in one reading

    SourceStatus status;
    status.name = "apps";
    status.accuracy = Accuracy::Exact;
    status.detail = "applications by cgroup, package, desktop entry and program";
    return status;
}

void AppsSource::refresh(std::chrono::nanoseconds now) {
    if (refreshed_ && now - *refreshed_ < refresh_interval) {
        return;
    }
    if (refreshed_) {
        desktop_.refresh();
        containers_.refresh();
    }
    refreshed_ = now;
}

void AppsSource::forget(const std::vector<ProcessId>& exited) {
    for (const ProcessId& process : exited) {
        const auto member = known_.find(process.pid);
        if (member != known_.end() && member->second.process == process) {
            known_.erase(member);
        }
    }
}

const AppsSource::Member& AppsSource::decide(const ProcessRecord& record, Members& members) {
    Member& member = members[record.process.pid];
    if (member.process == record.process && member.round == round_) {
        return member; // a child has asked before
    }
    undecided_.erase(record.process.pid);
    member = {record.process, round_, {}};
    AppIdentity app = identify(record, *this);
    member.relative = {std::move(app), std::string(installed_path(record.exe)), program_of(record).path};
    return member;
}

const AppsSource::Member* AppsSource::find(std::uint32_t pid) {
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

const Relative* AppsSource::parent(const ProcessRecord& process) {
    constexpr std::uint32_t init = 1;
    if (process.parent_pid <= init || generations_ == most_generations) {
        return nullptr;
    }
    ++generations_;
    const Member* member = find(process.parent_pid);
    --generations_;
    // Who was born after the child has no more than its parent's pid.
    const bool fits = member && !member->relative.app.id.empty() &&
                      member->process.start_ticks <= process.process.start_ticks;
    return fits ? &member->relative : nullptr;
}

std::string AppsSource::flatpak_info(const ProcessRecord& process) {
    return read_flatpak_info(procfs_.get(), process.process.pid);
}

std::string AppsSource::container_name(const ContainerRef& container) {
    return containers_.name(container.runtime, container.id, container.uid);
}

const DesktopApp* AppsSource::entry_by_id(const ProcessRecord& process, std::string_view id) {
    return desktop_.of_user(process.uid).by_id(id);
}

const DesktopApp* AppsSource::entry_by_exe(const ProcessRecord& process, std::string_view exe) {
    return desktop_.of_user(process.uid).by_exe(exe);
}

const DesktopApp* AppsSource::entry_by_package(const ProcessRecord& process, std::string_view package) {
    return desktop_.of_user(process.uid).by_package(package);
}

std::unique_ptr<Source> make_apps_source() {
    auto procfs = open_procfs();
    return std::make_unique<AppsSource>(procfs ? std::move(*procfs) : UniqueFd(), DesktopIndexes(),
                                        ContainerNames());
}

} // namespace sockledger
