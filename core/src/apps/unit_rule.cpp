// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

#include <algorithm>

namespace sockledger {

namespace {

/// Units that start what others asked for, and name nothing: the managers of users, systemd-run's
/// "run-u12.service", "run-r0123….service", "run-p1-i2.service".
bool is_anybody(std::string_view name) {
    if (name.starts_with("user@")) {
        return true;
    }
    return remove_prefix(name, "run-") && name.size() > 1 && is_one_of(name.substr(0, 1), "u r p") &&
           is_hex(name.substr(1, name.find('-') - 1));
}

/// Programs that keep a unit's group and serve somebody else: monitors of containers, what a bus started.
bool is_guest(const Evidence& evidence, std::string_view name) {
    const std::string_view program = after_last(evidence.process.exe, '/');
    if (program.starts_with("containerd-shim") || program == "conmon") {
        return true;
    }
    return is_one_of(name, "dbus dbus-broker") && !program.empty() && !program.starts_with("dbus-");
}

/// An instance per connection (systemd.socket(5), Accept=yes): "4-10.0.0.1:22-10.0.0.2:51234".
bool is_passing(std::string_view instance) {
    const auto dash = instance.find('-');
    return dash != instance.npos && is_number(instance.substr(0, dash)) &&
           instance.find_first_of(":-", dash + 1) != instance.npos;
}

/// `name` is without the suffix.
AppIdentity unit(std::string_view name) {
    const auto at = std::min(name.find('@'), name.size());
    const std::string base = unescape_unit(name.substr(0, at));
    const std::string_view instance = name.substr(std::min(at + 1, name.size()));
    if (instance.empty()) {
        return {"unit:" + std::string(name) + ".service", base, {}};
    }
    if (is_passing(instance)) {
        return {"unit:" + std::string(name.substr(0, at + 1)) + ".service", base, {}};
    }
    return {"unit:" + std::string(name) + ".service", base + " (" + unescape_unit(instance) + ")", {}};
}

} // namespace

/// The innermost: a user's units lie below user@UID.service, a service's own groups below the service.
Verdict by_unit(const Evidence& evidence) {
    if (evidence.in_terminal()) {
        return std::nullopt;
    }
    for (auto part = evidence.groups.rbegin(); part != evidence.groups.rend(); ++part) {
        if (const std::string name = bus_name_of(*part); !name.empty()) {
            return AppIdentity{"unit:" + name, name, {}};
        }
        std::string_view name = *part;
        if (remove_suffix(name, ".service") && !name.empty() && !is_anybody(name)) {
            return is_guest(evidence, name) ? std::nullopt : Verdict(unit(name));
        }
    }
    return std::nullopt;
}

} // namespace sockledger
