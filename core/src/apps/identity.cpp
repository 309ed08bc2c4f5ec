// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/identity.hpp"

#include "kernel/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sockledger {

namespace {

constexpr std::string_view deleted_mark = " (deleted)";

bool remove_prefix(std::string_view& text, std::string_view prefix) {
    const bool found = text.starts_with(prefix);
    text.remove_prefix(found ? prefix.size() : 0);
    return found;
}

bool remove_suffix(std::string_view& text, std::string_view suffix) {
    const bool found = text.ends_with(suffix);
    text.remove_suffix(found ? suffix.size() : 0);
    return found;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) {
            parts.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string_view after_last(std::string_view text, char separator) {
    const auto at = text.rfind(separator);
    return at == text.npos || at + 1 == text.size() ? text : text.substr(at + 1);
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == text.npos;
}

// systemd.unit(5): "\x2d" stands for "-" within one part of a unit's name.
std::string unescape(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string plain;
    while (!text.empty()) {
        if (text.size() >= 4 && text.starts_with("\\x") && is_hex(text.substr(2, 2))) {
            plain += static_cast<char>(digits.find(text[2]) << 4 | digits.find(text[3]));
            text.remove_prefix(4);
        } else {
            plain += text.front();
            text.remove_prefix(1);
        }
    }
    return printable(plain);
}

std::optional<AppIdentity> container_of(const std::vector<std::string_view>& path) {
    // "docker-<id>.scope" of the systemd driver, "docker/<id>" of the cgroupfs driver.
    constexpr std::array<std::string_view, 5> runtimes = {"docker", "libpod", "crio", "cri-containerd",
                                                          "podman"};
    constexpr std::size_t id_length = 64;
    constexpr std::size_t shown_length = 12;
    std::string_view parent;
    for (std::string_view part : path) {
        std::string_view id = part;
        const bool scope = remove_suffix(id, ".scope") && std::ranges::any_of(runtimes, [&](auto runtime) {
                               std::string_view rest = id;
                               const bool fits = remove_prefix(rest, runtime) && remove_prefix(rest, "-");
                               id = fits ? rest : id;
                               return fits;
                           });
        if (id.size() == id_length && is_hex(id) && (scope || std::ranges::count(runtimes, parent) > 0)) {
            const std::string shown(id.substr(0, shown_length));
            return AppIdentity{"container:" + shown, shown, {}};
        }
        parent = part;
    }
    return std::nullopt;
}

// "app[-LAUNCHER]-ID-RANDOM.scope", "app[-LAUNCHER]-ID[@RANDOM].service": the desktop environments'
// convention at https://systemd.io/DESKTOP_ENVIRONMENTS. An ID escapes its own dashes, in theory.
std::optional<AppIdentity> desktop_app_of(std::string_view unit) {
    constexpr std::array<std::string_view, 8> launchers = {"gnome",   "KDE",  "kde",  "xfce",
                                                           "flatpak", "sway", "uwsm", "dex"};
    const bool scope = remove_suffix(unit, ".scope");
    if ((!scope && !remove_suffix(unit, ".service")) || !remove_prefix(unit, "app-")) {
        return std::nullopt;
    }
    if (!scope) {
        unit = unit.substr(0, unit.find('@'));
    }
    std::vector<std::string_view> parts = split(unit, '-');
    if (scope && parts.size() > 1) {
        parts.pop_back();
    }
    const bool launched =
        parts.size() == 2 || (parts.size() > 2 && std::ranges::count(launchers, parts.front()) > 0);
    if (launched) {
        parts.erase(parts.begin());
    }
    if (parts.empty()) {
        return std::nullopt;
    }
    // The parts lie in one string, so what is left of it runs from the first to the last.
    const std::string id = unescape(
        {parts.front().data(), static_cast<std::size_t>(parts.back().end() - parts.front().begin())});
    return AppIdentity{"desktop:" + id, std::string(after_last(id, '.')), id};
}

std::optional<AppIdentity> unit_of(const std::vector<std::string_view>& path) {
    // The innermost: a user's units lie below user@UID.service, a service's own groups below the service.
    for (auto part = path.rbegin(); part != path.rend(); ++part) {
        if (part->starts_with("app-")) {
            if (auto app = desktop_app_of(*part)) {
                return app;
            }
        }
        std::string_view name = *part;
        if (remove_suffix(name, ".service") && !name.starts_with("user@")) {
            return AppIdentity{"unit:" + std::string(*part), unescape(name), {}};
        }
    }
    return std::nullopt;
}

bool is_kernel_thread(const ProcessRecord& process) {
    constexpr std::uint32_t kthreadd = 2;
    return process.exe.empty() && (process.process.pid == kthreadd || process.parent_pid == kthreadd);
}

} // namespace

AppIdentity kernel_app() {
    return {"kernel", "kernel", {}};
}

AppIdentity unknown_app() {
    return {"unknown", "unknown process", {}};
}

AppIdentity identify(const ProcessRecord& process) {
    if (is_kernel_thread(process)) {
        return kernel_app();
    }
    const std::vector<std::string_view> path = split(process.cgroup, '/');
    if (auto container = container_of(path)) {
        return *std::move(container);
    }
    if (auto unit = unit_of(path)) {
        return *std::move(unit);
    }
    std::string_view exe = process.exe;
    remove_suffix(exe, deleted_mark);
    if (!exe.empty()) {
        return {"exe:" + std::string(exe), std::string(after_last(exe, '/')), {}};
    }
    if (!process.comm.empty()) {
        return {"comm:" + process.comm, process.comm, {}};
    }
    return unknown_app();
}

} // namespace sockledger
