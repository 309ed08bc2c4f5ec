// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

#include <array>
#include <charconv>

namespace sockledger {

namespace {

constexpr std::size_t id_length = 64;
constexpr std::size_t shown_length = 12; // as docker ps and podman ps show them

struct Runtime {
    std::string_view word; ///< in front of the id
    std::string_view name;
};
/// Where each writes its groups: moby daemon/oci_linux.go, podman libpod/oci_conmon_linux.go, CRI-O
/// internal/config/cgmgr, containerd internal/cri/server/podsandbox, nerdctl pkg/cmd/container.
constexpr std::array<Runtime, 7> runtimes{{{"docker", "docker"},
                                           {"libpod", "libpod"},
                                           {"libpod-payload", "libpod"},
                                           {"podman", "libpod"},
                                           {"crio", "crio"},
                                           {"cri-containerd", "cri-containerd"},
                                           {"nerdctl", "nerdctl"}}};

const Runtime* find_runtime(std::string_view word) {
    for (const Runtime& runtime : runtimes) {
        if (runtime.word == word) {
            return &runtime;
        }
    }
    return nullptr;
}

bool is_id(std::string_view text) {
    return text.size() == id_length && is_hex(text);
}

/// "docker-ID.scope" of the systemd driver, "docker/ID" and "kubepods/burstable/podUID/ID" of the
/// cgroupfs driver, "kubepods-pod1.slice:cri-containerd:ID" where the two were mixed. Only runtimes
/// name a group by such a number alone; "libpod-conmon-ID.scope" is a monitor and no container.
std::optional<ContainerRef> hashed(std::string_view part, std::string_view outer) {
    remove_suffix(part, ".scope");
    if (is_id(part)) {
        const Runtime* runtime = find_runtime(outer);
        return ContainerRef{runtime ? runtime->name : std::string_view(), part};
    }
    if (part.size() <= id_length + 1 || !is_id(part.substr(part.size() - id_length))) {
        return std::nullopt;
    }
    const char separator = part[part.size() - id_length - 1];
    const std::string_view head = part.substr(0, part.size() - id_length - 1);
    const Runtime* runtime = find_runtime(separator == ':' ? after_last(head, ':') : head);
    if (!runtime || (separator != ':' && separator != '-')) {
        return std::nullopt;
    }
    return ContainerRef{runtime->name, part.substr(part.size() - id_length)};
}

std::uint32_t manager_of(const Evidence& evidence) {
    for (std::string_view part : evidence.groups) {
        if (remove_prefix(part, "user@") && remove_suffix(part, ".service")) {
            std::uint32_t uid = 0;
            std::from_chars(part.data(), part.data() + part.size(), uid);
            return uid;
        }
    }
    return 0;
}

/// "qemu-3-win10" and "lxc-3-web" of libvirt (virSystemdMakeScopeName): the number is another one after
/// each start.
bool remove_libvirt(std::string_view& machine, std::string_view driver) {
    std::string_view rest = machine;
    if (!remove_prefix(rest, driver)) {
        return false;
    }
    const auto end = rest.find('-');
    if (end == rest.npos || end + 1 == rest.size() || !is_number(rest.substr(0, end))) {
        return false;
    }
    machine = rest.substr(end + 1);
    return true;
}

/// systemd-nspawn(1): "machine-NAME.scope", or the unit "systemd-nspawn@NAME.service", with "payload"
/// below it beside "supervisor". lxc.container.conf(5), lxc.cgroup.dir: "lxc.payload.NAME", once
/// "lxc/NAME".
std::string named(std::string_view part, std::string_view outer, std::string_view inner) {
    if (inner == "supervisor") {
        return {};
    }
    if (remove_prefix(part, "lxc.payload.") || outer == "lxc.payload" || outer == "lxc") {
        return std::string(part);
    }
    if (remove_prefix(part, "machine-") && remove_suffix(part, ".scope")) {
        const std::string plain = unescape_unit(part);
        std::string_view machine = plain;
        remove_libvirt(machine, "lxc-");
        return remove_libvirt(machine, "qemu-") ? std::string() : std::string(machine);
    }
    if (inner == "payload" && remove_prefix(part, "systemd-nspawn@") && remove_suffix(part, ".service")) {
        return unescape_unit(part);
    }
    return {};
}

} // namespace

Verdict by_container(const Evidence& evidence) {
    const auto& groups = evidence.groups;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::string_view outer = i > 0 ? groups[i - 1] : std::string_view();
        const std::string_view inner = i + 1 < groups.size() ? groups[i + 1] : std::string_view();
        if (auto container = hashed(groups[i], outer)) {
            container->uid = manager_of(evidence);
            std::string name = evidence.surroundings.container_name(*container);
            if (name.empty()) {
                name = container->id.substr(0, shown_length);
            }
            return AppIdentity{"container:" + name, name, {}};
        }
        if (std::string name = named(groups[i], outer, inner); !name.empty()) {
            return AppIdentity{"container:" + name, name, {}};
        }
    }
    return std::nullopt;
}

/// libvirt's as above; Proxmox runs "NUMBER.scope" below "qemu.slice".
Verdict by_virtual_machine(const Evidence& evidence) {
    std::string_view outer;
    for (std::string_view part : evidence.groups) {
        if (remove_suffix(part, ".scope")) {
            if (outer == "qemu.slice" && is_number(part)) {
                return AppIdentity{"vm:" + std::string(part), std::string(part), {}};
            }
            if (remove_prefix(part, "machine-")) {
                const std::string plain = unescape_unit(part);
                std::string_view machine = plain;
                if (remove_libvirt(machine, "qemu-")) {
                    return AppIdentity{"vm:" + std::string(machine), std::string(machine), {}};
                }
            }
        }
        outer = part;
    }
    return std::nullopt;
}

} // namespace sockledger
