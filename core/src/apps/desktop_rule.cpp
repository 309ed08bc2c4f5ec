// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

namespace sockledger {

namespace {

/// Who starts applications for the person and puts his own name in front.
constexpr std::string_view launchers = "gnome KDE kde xfce XFCE sway Hyprland hyprland niri river labwc "
                                       "wayfire COSMIC cosmic uwsm dex flatpak";

/// The parts lie in one string, so they are what runs from the first to the last.
std::string_view joined(const std::string_view* first, const std::string_view* last) {
    return {first->data(), static_cast<std::size_t>(last->data() + last->size() - first->data())};
}

const DesktopApp* entry_of(const Evidence& evidence, std::string_view id) {
    return evidence.surroundings.entry_by_id(evidence.process, id);
}

AppIdentity desktop_app(const Evidence& evidence, const std::string& id) {
    return named_by(entry_of(evidence, id), {"desktop:" + id, std::string(after_last(id, '.')), id});
}

/// "app[-LAUNCHER]-ID-RANDOM.scope", "app[-LAUNCHER]-ID[@RANDOM].service": the convention at
/// https://systemd.io/DESKTOP_ENVIRONMENTS. An ID escapes its own dashes, in theory.
std::string application_id(const Evidence& evidence, std::string_view unit) {
    const bool scope = remove_suffix(unit, ".scope");
    if ((!scope && !remove_suffix(unit, ".service")) || !remove_prefix(unit, "app-")) {
        return {};
    }
    if (!scope) {
        unit = unit.substr(0, unit.find('@'));
    }
    auto parts = split(unit, '-');
    if (scope && parts.size() > 1) {
        parts.pop_back();
    }
    if (parts.empty()) {
        return {};
    }
    const std::string whole = unescape_unit(joined(&parts.front(), &parts.back()));
    const bool launched =
        parts.size() == 2 || (parts.size() > 2 && is_one_of(unescape_unit(parts.front()), launchers));
    if (!launched || entry_of(evidence, whole)) {
        return whole;
    }
    return unescape_unit(joined(&parts[1], &parts.back()));
}

/// Applications of the bus go by their desktop entry, which the specification names like them.
std::string activated_id(const Evidence& evidence, std::string_view unit) {
    std::string id = bus_name_of(unit);
    return entry_of(evidence, id) ? id : std::string();
}

} // namespace

AppIdentity named_by(const DesktopApp* entry, AppIdentity app) {
    if (entry) {
        app.name = entry->name;
        app.icon = entry->icon;
    }
    return app;
}

Verdict by_desktop_group(const Evidence& evidence) {
    if (evidence.in_terminal()) {
        return std::nullopt;
    }
    for (auto part = evidence.groups.rbegin(); part != evidence.groups.rend(); ++part) {
        for (const std::string& id : {application_id(evidence, *part), activated_id(evidence, *part)}) {
            if (!id.empty()) {
                return desktop_app(evidence, id);
            }
        }
    }
    return std::nullopt;
}

Verdict by_desktop_entry(const Evidence& evidence) {
    const Program& program = evidence.program();
    if (!program.path.starts_with('/')) {
        return std::nullopt;
    }
    const DesktopApp* entry = evidence.surroundings.entry_by_exe(evidence.process, program.path);
    return entry ? Verdict(AppIdentity{"desktop:" + entry->id, entry->name, entry->icon}) : std::nullopt;
}

} // namespace sockledger
