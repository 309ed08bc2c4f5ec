// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

namespace sockledger {

namespace {

AppIdentity snap(const Evidence& evidence, std::string_view name) {
    const std::string app = "snap:" + std::string(name);
    return named_by(evidence.surroundings.entry_by_package(evidence.process, app),
                    {app, std::string(name), {}});
}

} // namespace

/// snapd's sandbox/cgroup/tracking.go: "snap.NAME.APP-UUID.scope", before 2.58 "snap.NAME.APP.UUID.scope";
/// "snap.NAME.SERVICE.service"; "hook.HOOK" in place of APP.
Verdict by_snap_group(const Evidence& evidence) {
    for (std::string_view part : evidence.groups) {
        if (!part.ends_with(".scope") && !part.ends_with(".service")) {
            continue;
        }
        const auto words = split(part, '.');
        if (words.size() >= 4 && words.front() == "snap") {
            return snap(evidence, unescape_unit(words[1]));
        }
    }
    return std::nullopt;
}

/// Where snaps are mounted: "/snap/NAME/REVISION/…".
Verdict by_snap_path(const Evidence& evidence) {
    std::string_view exe = evidence.process.exe;
    if (!remove_prefix(exe, "/snap/") && !remove_prefix(exe, "/var/lib/snapd/snap/")) {
        return std::nullopt;
    }
    const auto words = split(exe, '/');
    if (words.size() < 3 || words.front() == "bin") {
        return std::nullopt;
    }
    return snap(evidence, words.front());
}

} // namespace sockledger
