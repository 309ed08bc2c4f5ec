// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sockledger {

class DesktopTree;
struct DesktopFile;

/// An application as the desktop shows it. Valid UTF-8, no control characters.
struct DesktopApp {
    std::string id; ///< desktop file id without ".desktop": "org.mozilla.firefox"
    std::string name;
    std::string icon;      ///< name in the icon theme or an absolute path; may be empty
    bool terminal = false; ///< a terminal emulator, by its category
};

/// The applications of one user: his own before those of the system. Each question is one look-up;
/// null when there is no answer, or more than one. The trees have to outlive it, and hold the answers.
/// Threads: any.
class DesktopIndex {
public:
    DesktopIndex() = default;
    /// Of trees in order: a file of an earlier one hides those with its id in later ones.
    explicit DesktopIndex(std::span<const DesktopTree* const> trees);

    const DesktopApp* by_id(std::string_view id) const;
    /// The application that a program belongs to: a path as /proc/PID/exe has it, or a bare name.
    /// Interpreters and launchers (python3, sh, env, flatpak, electron) belong to none.
    const DesktopApp* by_exe(std::string_view exe) const;
    /// The application of a package: "flatpak:org.gimp.GIMP", "snap:firefox".
    const DesktopApp* by_package(std::string_view package) const;

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    template<typename Value>
    using Map = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    const DesktopApp* find(std::string_view key) const;

    Map<const DesktopFile*> files_; // by id; those that delete an id too
    Map<const DesktopFile*> keys_;  // by path, name, directory and package: the best one
};

} // namespace sockledger
