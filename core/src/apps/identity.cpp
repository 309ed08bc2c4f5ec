// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/identity.hpp"

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

#include <sockledger/utf8.hpp>

#include <algorithm>
#include <array>

namespace sockledger {

namespace {

using Rule = Verdict (*)(const Evidence&);

/// From the strongest evidence to the weakest: what root's runtimes set up, what a person's session
/// set up, where the program lies and who started it, and at last what it calls itself.
constexpr std::array<Rule, 14> rules = {
    by_kernel_thread,   //           "kernel"
    by_container,       //           "container:web"
    by_virtual_machine, //           "vm:win10"
    by_flatpak,         //           "flatpak:org.gimp.GIMP"
    by_snap_group,      //           "snap:firefox"
    by_desktop_group,   //           "desktop:org.mozilla.firefox"
    by_unit,            //           "unit:sshd.service"
    by_snap_path,       //           "snap:firefox"
    by_appimage,        //           "appimage:Nextcl"
    by_parent,          // a helper: the application of who started it
    by_desktop_entry,   //           "desktop:org.mozilla.firefox"
    by_script,          //           "script:/usr/bin/deluged"
    by_exe,             //           "exe:/usr/bin/curl"
    by_comm,            //           "comm:curl"
};

constexpr std::size_t longest_id = 300;
constexpr std::size_t longest_name = 120;

/// The end of a long text says more than its beginning; a character stays whole.
std::string shortened(std::string_view text, std::size_t longest) {
    constexpr std::string_view dots = "…";
    if (text.size() <= longest) {
        return std::string(text);
    }
    text.remove_prefix(text.size() - longest + dots.size());
    while (!text.empty() && continues_character(text.front())) {
        text.remove_prefix(1);
    }
    return std::string(dots) + std::string(text);
}

AppIdentity bounded(AppIdentity app) {
    if (app.id.size() > longest_id) {
        const std::string_view id = app.id;
        const auto scheme = id.substr(0, id.find(':') + 1);
        app.id = std::string(scheme) + shortened(id.substr(scheme.size()), longest_id - scheme.size());
    }
    const std::string_view name = app.name.empty() ? after_last(app.id, ':') : std::string_view(app.name);
    app.name = shortened(name, longest_name);
    return app;
}

/// Terminal emulators: vte's "vte-spawn-UUID.scope" and Ptyxis' "ptyxis-spawn-…", Konsole's
/// "tab(PID).scope", kitty's "kitty-PID-N.scope", tmux' "tmux-spawn-UUID.scope",
/// Ghostty's "app-ghostty-surface-transient-PID.scope".
bool is_tab(std::string_view group) {
    return group.ends_with(".scope") &&
           (group.starts_with("vte-spawn-") || group.starts_with("ptyxis-spawn-") ||
            group.starts_with("tab(") || group.starts_with("kitty-") || group.starts_with("tmux-spawn-") ||
            group.find("-surface-transient-") != group.npos);
}

} // namespace

Evidence::Evidence(const ProcessRecord& record, Surroundings& around)
    : process(record), surroundings(around), groups(split(record.cgroup, '/')) {}

bool Evidence::in_terminal() const {
    return process.terminal || std::ranges::any_of(groups, is_tab);
}

const Program& Evidence::program() const {
    if (!program_) {
        program_ = program_of(process);
    }
    return *program_;
}

Verdict by_kernel_thread(const Evidence& evidence) {
    constexpr std::uint32_t kthreadd = 2;
    const ProcessRecord& process = evidence.process;
    const bool no_program = process.exe.empty() && process.command_line.empty();
    const bool found = no_program && (process.process.pid == kthreadd || process.parent_pid == kthreadd);
    return found ? Verdict(kernel_app()) : std::nullopt;
}

AppIdentity kernel_app() {
    return {"kernel", "kernel", {}};
}

AppIdentity unknown_app() {
    return {"unknown", "unknown process", {}};
}

AppIdentity identify(const ProcessRecord& process, Surroundings& surroundings) {
    const Evidence evidence(process, surroundings);
    for (const Rule rule : rules) {
        if (auto app = rule(evidence)) {
            return bounded(*std::move(app));
        }
    }
    return unknown_app();
}

AppIdentity identify(const ProcessRecord& process) {
    Surroundings nothing;
    return identify(process, nothing);
}

} // namespace sockledger
