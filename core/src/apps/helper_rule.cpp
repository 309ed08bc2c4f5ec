// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

#include <algorithm>

namespace sockledger {

namespace {

/// Programs that only ever work for the one who started them, and lie elsewhere.
constexpr std::string_view servants =
    "WebKitNetworkProcess WebKitWebProcess WebKitGPUProcess QtWebEngineProcess chrome_crashpad_handler "
    "crashpad_handler steamwebhelper xdg-dbus-proxy bwrap git-remote-http git-remote-https";

bool is_servant(std::string_view path) {
    return is_one_of(after_last(path, '/'), servants) || path.starts_with("/usr/lib/apt/methods/");
}

/// Folders of many applications, so that lying in the same one says nothing.
bool is_shared(std::string_view folder) {
    const std::string_view last = after_last(folder, '/');
    if (is_one_of(last, "bin sbin games lib lib32 lib64 libexec share local opt tmp usr systemd root") ||
        last.find("-linux-gnu") != last.npos) {
        return true;
    }
    const bool homes = remove_prefix(folder, "/home/") || remove_prefix(folder, "/var/home/");
    return homes && folder.find('/') == folder.npos;
}

/// The folder that belongs to a program's application alone; empty when there is none.
std::string_view own_folder(std::string_view path) {
    std::string_view folder = path.substr(0, std::min(path.rfind('/'), path.size()));
    if (folder.starts_with("/opt/")) {
        remove_suffix(folder, "/bin"); // of one package, by the Filesystem Hierarchy Standard
    }
    return !folder.starts_with('/') || is_shared(folder) ? std::string_view() : folder;
}

bool lies_below(std::string_view path, std::string_view folder) {
    return !folder.empty() && path.size() > folder.size() && path.starts_with(folder) &&
           path[folder.size()] == '/';
}

} // namespace

/// A helper is of its parent's application: a program from the parent's own folder, an interpreter
/// with no script under the same interpreter (workers), or a known servant. What starts a program
/// from elsewhere is not its application: a shell is no download.
Verdict by_parent(const Evidence& evidence) {
    const Program& program = evidence.program();
    const bool servant = is_servant(program.path);
    const bool worker = program.kind == Program::Kind::Executable && is_interpreter(program.name);
    const std::string_view exe = evidence.process.exe;
    if (!servant && !worker && own_folder(program.path).empty() && own_folder(exe).empty()) {
        return std::nullopt;
    }
    const Relative* parent = evidence.surroundings.parent(evidence.process);
    if (!parent) {
        return std::nullopt;
    }
    if (servant || (worker && parent->exe == program.path) || lies_below(exe, own_folder(parent->program)) ||
        lies_below(program.path, own_folder(parent->program))) {
        return parent->app;
    }
    return std::nullopt;
}

} // namespace sockledger
