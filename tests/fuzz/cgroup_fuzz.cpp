// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/identity.hpp"
#include "kernel/cgroup2_mount.hpp"
#include "kernel/process_codec.hpp"
#include "kernel/text.hpp"

#include <cstdint>

using namespace sockledger;

// What /proc/PID/cgroup and mountinfo say, and the application that follows from the cgroup's name alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string mount = find_cgroup2_mount(text);
    if (!mount.empty() && mount.front() != '/')
        __builtin_trap();
    ProcessRecord process;
    process.process = {4711, 1};
    for (const std::string& cgroup : {parse_cgroup(text), parse_cgroup("0::/" + std::string(text))}) {
        process.cgroup = cgroup;
        const AppIdentity app = identify(process);
        if (printable(cgroup) != cgroup || app.id.empty() || printable(app.id) != app.id ||
            printable(app.name) != app.name)
            __builtin_trap();
    }
    return 0;
}
