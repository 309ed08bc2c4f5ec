// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

#include <algorithm>

namespace sockledger {

namespace {

/// flatpak-metadata(5) and the D-Bus specification: what every file of an application is named by.
bool is_valid(std::string_view id) {
    constexpr std::size_t longest = 255;
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    };
    return id.size() <= longest && id.find('.') != id.npos && id.front() != '.' && id.back() != '.' &&
           std::ranges::all_of(id, fits);
}

/// "app-flatpak-ID-PID.scope": flatpak run moves itself there (common/flatpak-run.c).
std::string id_of_scope(std::string_view part) {
    if (!remove_prefix(part, "app-flatpak-") || !remove_suffix(part, ".scope")) {
        return {};
    }
    std::string id = unescape_unit(part.substr(0, part.rfind('-')));
    return is_valid(id) ? id : std::string();
}

} // namespace

/// flatpak-metadata(5): a key file with "name" in the group "Application". A runtime without an
/// application has the group "Runtime".
std::string flatpak_id(std::string_view info) {
    bool application = false;
    for (std::string_view line : split(info, '\n')) {
        if (line.starts_with('[')) {
            application = line == "[Application]";
        } else if (application && remove_prefix(line, "name=")) {
            return is_valid(line) ? std::string(line) : std::string();
        }
    }
    return {};
}

Verdict by_flatpak(const Evidence& evidence) {
    const auto& groups = evidence.groups;
    std::string id;
    for (const std::string_view part : groups) {
        if (id = id_of_scope(part); !id.empty()) {
            break;
        }
    }
    const bool of_a_user = groups.empty() || groups.front() != "system.slice";
    if (id.empty() && of_a_user && !evidence.process.exe.empty()) {
        id = flatpak_id(evidence.surroundings.flatpak_info(evidence.process));
    }
    if (id.empty()) {
        return std::nullopt;
    }
    const std::string app = "flatpak:" + id;
    return named_by(evidence.surroundings.entry_by_package(evidence.process, app),
                    {app, std::string(after_last(id, '.')), id});
}

} // namespace sockledger
