// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/container_names.hpp"
#include "apps/desktop_indexes.hpp"
#include "apps/evidence.hpp"
#include "kernel/unique_fd.hpp"
#include "samplers/source.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <unordered_map>

namespace sockledger {

/// Decides which application each described process belongs to: once, and again when it was described
/// again after an exec. What it decided is kept for the process's children and forgotten when it exits.
/// Ancestors that nobody described are read when a child asks, and kept for one reading: what a tick
/// costs is what is new.
class AppsSource : public Source, private Surroundings {
public:
    /// `procfs` is a descriptor of /proc or of a tree like it; without one nothing is known of those
    /// whom nobody described.
    AppsSource(UniqueFd procfs, DesktopIndexes desktop, ContainerNames containers);

    SourceStatus read(Readings& readings) override;

    /// How many processes are remembered.
    std::size_t size() const { return known_.size(); }

private:
    struct Member {
        ProcessId process;
        std::uint64_t round = 0; ///< when it was decided
        Relative relative;       ///< without an app: not yet
    };
    using Members = std::unordered_map<std::uint32_t, Member>; // by pid

    void refresh(std::chrono::nanoseconds now);
    void forget(const std::vector<ProcessId>& exited);
    const Member& decide(const ProcessRecord& record, Members& members);
    const Member* find(std::uint32_t pid);

    std::string flatpak_info(const ProcessRecord& process) override;
    std::string container_name(const ContainerRef& container) override;
    const Relative* parent(const ProcessRecord& process) override;
    const DesktopApp* entry_by_id(const ProcessRecord& process, std::string_view id) override;
    const DesktopApp* entry_by_exe(const ProcessRecord& process, std::string_view exe) override;
    const DesktopApp* entry_by_package(const ProcessRecord& process, std::string_view package) override;

    UniqueFd procfs_;
    DesktopIndexes desktop_;
    ContainerNames containers_;
    std::optional<std::chrono::nanoseconds> refreshed_;
    Members known_;
    Members ancestors_;                                                 // of this round
    std::unordered_map<std::uint32_t, const ProcessRecord*> undecided_; // of this round
    std::uint64_t round_ = 0;
    int generations_ = 0; // how far the parents of parents are being asked for
};

/// The applications of this machine; read after the processes.
std::unique_ptr<Source> make_apps_source();

} // namespace sockledger
