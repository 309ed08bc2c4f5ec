// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/rules.hpp"
#include "apps/unit_text.hpp"
#include "kernel/text.hpp"

#include <algorithm>

namespace sockledger {

namespace {

/// The runtime mounts an image at "/tmp/.mount_" + six letters of its file's name + six random ones
/// (AppImageKit's runtime.c and type2-runtime), and the mounted program knows no more of its image.
constexpr std::size_t kept_letters = 6;
constexpr std::size_t random_letters = 6;

bool is_random(std::string_view letters) {
    return std::ranges::all_of(letters, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

AppIdentity image(std::string_view letters, std::string_view name) {
    return {"appimage:" + std::string(letters), std::string(name), {}};
}

/// The program's own name, where it goes on with the six letters.
std::string_view longer_name(std::string_view letters, std::string_view program) {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    const bool goes_on =
        program.size() >= letters.size() && std::equal(letters.begin(), letters.end(), program.begin(), same);
    return goes_on ? program : letters;
}

} // namespace

Verdict by_appimage(const Evidence& evidence) {
    std::string_view exe = evidence.process.exe;
    std::string_view file = after_last(exe, '/');
    if (remove_suffix(file, ".AppImage") && !file.empty()) {
        return image(printable(file.substr(0, kept_letters)), file); // may end within a character
    }
    const auto mount = exe.find("/.mount_");
    if (mount == exe.npos) {
        return std::nullopt;
    }
    exe.remove_prefix(mount + std::string_view("/.mount_").size());
    const auto end = exe.find('/');
    if (end == exe.npos || end <= random_letters ||
        !is_random(exe.substr(end - random_letters, random_letters))) {
        return std::nullopt;
    }
    const std::string_view letters = exe.substr(0, end - random_letters);
    return image(letters, longer_name(letters, after_last(exe, '/')));
}

} // namespace sockledger
