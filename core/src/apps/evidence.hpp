// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/desktop_index.hpp"
#include "apps/program.hpp"
#include "samplers/reading.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sockledger {

/// A container as a cgroup path names it.
struct ContainerRef {
    std::string_view runtime; ///< "docker", "libpod", "crio", "cri-containerd", "nerdctl"; empty: not told
    std::string_view id;      ///< 64 hexadecimal digits
    std::uint32_t uid = 0;    ///< whose service manager runs it; 0 for the system's
};

/// Another process, as far as its children want to know it.
struct Relative {
    AppIdentity app;
    std::string exe;
    std::string program; ///< its script, else its exe
};

/// What a rule may ask beyond the record. Each question may cost a file, so rules ask late and the
/// answers here are those of a machine that tells nothing.
class Surroundings {
public:
    virtual ~Surroundings() = default;

    /// The text of /.flatpak-info in the root directory of a process.
    virtual std::string flatpak_info(const ProcessRecord&) { return {}; }
    /// The name that a container's runtime knows it by.
    virtual std::string container_name(const ContainerRef&) { return {}; }
    /// The process that started this one; null when it is gone or is init, who adopts anybody.
    virtual const Relative* parent(const ProcessRecord&) { return nullptr; }
    /// A desktop entry that the user of a process has; null for none.
    virtual const DesktopApp* entry_by_id(const ProcessRecord&, std::string_view) { return nullptr; }
    virtual const DesktopApp* entry_by_exe(const ProcessRecord&, std::string_view) { return nullptr; }
    virtual const DesktopApp* entry_by_package(const ProcessRecord&, std::string_view) { return nullptr; }
};

/// All that the application of a process is decided by.
struct Evidence {
    Evidence(const ProcessRecord& record, Surroundings& around);

    const ProcessRecord& process;
    Surroundings& surroundings;
    std::vector<std::string_view> groups; ///< the parts of its cgroup's path, from the root

    /// It was started in a terminal: it has a controlling one, or a group that a terminal emulator
    /// made for one tab. Its group's unit then is where the person sits and not what he started.
    bool in_terminal() const;

    /// What it runs; found out when the first rule asks.
    const Program& program() const;

private:
    mutable std::optional<Program> program_;
};

} // namespace sockledger
