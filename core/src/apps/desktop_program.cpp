// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_program.hpp"

#include "apps/desktop_command.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sockledger {

namespace {

namespace fs = std::filesystem;

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

// The path that /proc/PID/exe would have; empty when there is no such file.
std::string resolve(const std::string& root, const std::string& path) {
    std::error_code error;
    const std::string full = root + path;
    // A miss is frequent, and one call this way.
    if (!fs::exists(full, error))
        return {};
    std::string target = fs::canonical(full, error).native();
    if (error)
        return {};
    return target.starts_with(root) ? target.substr(root.size()) : target;
}

// The program as it is called, with its directory when it is found; and where it really is.
std::pair<std::string, std::string> find_program(const std::string& program, const DesktopPlaces& places) {
    if (program.starts_with('/'))
        return {program, resolve(places.root, program)};
    if (program.find('/') != program.npos)
        return {};
    for (const std::string& directory : places.program_directories) {
        std::string path = directory + "/" + program;
        if (std::string target = resolve(places.root, path); !target.empty())
            return {std::move(path), std::move(target)};
    }
    return {};
}

// "/opt/google/chrome/" is one application's own, "/usr/libexec/" is not.
std::string own_directory(std::string_view program) {
    constexpr std::array<std::string_view, 13> shared = {"bin",     "sbin",  "games",  "lib", "lib64",
                                                         "libexec", "share", "opt",    "usr", "local",
                                                         "kf5",     "kf6",   "scripts"};
    const std::string_view directory = program.substr(0, program.rfind('/') + 1);
    const std::string_view name =
        base_name(directory.substr(0, directory.size() - (directory.empty() ? 0 : 1)));
    const bool own = installed(program) && std::ranges::find(shared, name) == shared.end() &&
                     name.find("-linux-") == name.npos; // "x86_64-linux-gnu"
    return own ? std::string(directory) : std::string();
}

int rank_of(const std::string& id, const DesktopEntry& entry, std::string_view program, bool plain) {
    const std::string name = lower(program);
    const std::string own = lower(id);
    const bool named_so = own == name || own.ends_with("." + name);
    return (entry.displayed ? 8 : 0) + (named_so ? 4 : 0) + (plain ? 2 : 0) +
           (own.find(name) != own.npos ? 1 : 0);
}

} // namespace

bool installed(std::string_view path) {
    return path.starts_with("/usr/") || path.starts_with("/opt/");
}

std::string package_key(std::string_view package) {
    return std::string(package) + '/';
}

DesktopFile describe_desktop_file(std::string id, const DesktopEntry& entry, const DesktopPlaces& places) {
    DesktopFile file;
    file.app = {std::move(id), entry.name, entry.icon, entry.terminal};
    file.deleted = entry.deleted;
    // What runs in a package is known by the package; its Exec is a launcher, or a link to one.
    if (!entry.package.empty()) {
        file.keys.push_back(package_key(entry.package));
        const std::string_view name = std::string_view(entry.package).substr(entry.package.find(':') + 1);
        const bool main = file.app.id == name || file.app.id == std::string(name) + "_" + std::string(name);
        file.rank = (entry.displayed ? 2 : 0) + (main ? 1 : 0);
        return file;
    }
    DesktopCommand command = parse_exec(entry.exec);
    if (command.program.empty() && !entry.try_exec.empty() && !runs_others(entry.try_exec))
        command.program = entry.try_exec;
    if (command.program.empty()) {
        // Mostly a script of the same name: gjs runs /usr/bin/org.gnome.Weather.
        file.keys = {file.app.id};
        return file;
    }
    const std::string_view name = base_name(command.program);
    file.rank = rank_of(file.app.id, entry, name, command.plain);
    auto [path, target] = find_program(command.program, places);
    if (target.empty() || runs_others(target))
        target = path;
    file.keys = {std::string(name), path, target, std::string(base_name(target))};
    std::ranges::sort(file.keys);
    file.keys.erase(std::unique(file.keys.begin(), file.keys.end()), file.keys.end());
    std::erase(file.keys, "");
    file.home = own_directory(target);
    file.program = std::move(target);
    return file;
}

} // namespace sockledger
