// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/identity.hpp"
#include "apps/rules.hpp"
#include "kernel/process_codec.hpp"
#include "kernel/text.hpp"

#include <cstdint>

using namespace sockledger;

namespace {

/// A machine on which everybody has a parent and a sandbox.
class Neighbours : public Surroundings {
public:
    explicit Neighbours(std::string_view info) : info_(info) { parent_.program = parent_.exe = info_; }
    std::string flatpak_info(const ProcessRecord&) override { return info_; }
    const Relative* parent(const ProcessRecord&) override { return &parent_; }

private:
    std::string info_;
    Relative parent_{{"exe:/opt/parent", "parent", ""}, "", ""};
};

/// The bytes up to the next line end that the kernel cannot have written.
std::string_view take(std::string_view& rest) {
    const auto end = std::min(rest.find('\x01'), rest.size());
    const auto taken = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return taken;
}

void check(const AppIdentity& app) {
    const bool fits = !app.id.empty() && !app.name.empty() && app.id.size() <= 300 && app.name.size() <= 120;
    if (!fits || printable(app.id) != app.id || printable(app.name) != app.name) {
        __builtin_trap();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    ProcessRecord process;
    process.process = {4711, 1};
    process.parent_pid = static_cast<std::uint32_t>(size);
    process.terminal = size % 2 == 0;
    process.cgroup = parse_cgroup("0::" + std::string(take(rest)));
    process.exe = parse_exe_link(take(rest)).path;
    process.comm = printable(take(rest));
    Neighbours neighbours(take(rest));
    process.command_line = parse_command_line(rest);
    check(identify(process));
    check(identify(process, neighbours));
    const std::string id = flatpak_id(rest);
    if (id.find('/') != id.npos || printable(id) != id) {
        __builtin_trap();
    }
    return 0;
}
