// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A desktop entry: a file *.desktop as the freedesktop Desktop Entry Specification 1.5 has it.
/// Threads: any.
namespace sockledger {

struct DesktopEntry {
    std::string name;      ///< in the best of the languages
    std::string icon;      ///< name in the icon theme or an absolute path
    std::string exec;      ///< command line, quoted as the specification says
    std::string try_exec;  ///< program that says whether the application is installed
    std::string package;   ///< "flatpak:org.gimp.GIMP" of X-Flatpak, "snap:firefox" of X-SnapInstanceName
    bool deleted = false;  ///< Hidden: the entries with this id are to be taken for absent
    bool displayed = true; ///< in menus: not NoDisplay
    bool terminal = false; ///< Categories has TerminalEmulator
};

/// Nothing when it is no application's, or has no name. Names and icons of more than 256 bytes are
/// none. All strings are printable. `languages` as desktop_languages() gives them.
std::optional<DesktopEntry> parse_desktop_entry(std::string_view text,
                                                const std::vector<std::string>& languages);

/// Postfixes of localized keys from the best to the worst for these environment variables; none in
/// the C locale: "de_AT@euro", "de_AT", "de@euro", "de".
std::vector<std::string> desktop_languages(std::string_view language, std::string_view lc_all,
                                           std::string_view lc_messages, std::string_view lang);

} // namespace sockledger
