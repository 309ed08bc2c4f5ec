// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_command.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace sockledger {

namespace {

// The words of a command line; as g_shell_parse_argv() takes them, because launchers use it.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool begun = false;
    char quote = 0;
    const auto end_word = [&] {
        if (begun)
            words.push_back(std::exchange(word, {}));
        begun = false;
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == 0 && c == ' ') {
            end_word();
            continue;
        }
        begun = true;
        if (c == '\\' && quote != '\'' && i + 1 < line.size())
            word += line[++i];
        else if (quote != 0 ? c == quote : c == '"' || c == '\'')
            quote = quote == 0 ? c : 0;
        else
            word += c;
    }
    end_word();
    return words;
}

// The first word that "env" runs.
std::size_t skip_env(const std::vector<std::string>& words) {
    std::size_t i = 1;
    while (i < words.size() && (words[i].starts_with('-') || words[i].find('=') != std::string::npos))
        i += words[i] == "-u" || words[i] == "-C" ? 2 : 1;
    return i;
}

} // namespace

DesktopCommand parse_exec(std::string_view exec) {
    const std::vector<std::string> words = words_of(exec);
    std::size_t first = 0;
    if (!words.empty() && base_name(words.front()) == "env")
        first = skip_env(words);
    if (first >= words.size() || runs_others(words[first]))
        return {};
    const bool plain = std::all_of(words.begin() + static_cast<std::ptrdiff_t>(first) + 1, words.end(),
                                   [](const std::string& word) { return word.starts_with('%'); });
    return {words[first], plain};
}

bool runs_others(std::string_view program) {
    constexpr std::array<std::string_view, 45> known = {"Rscript",
                                                        "bash",
                                                        "busybox",
                                                        "bwrap",
                                                        "dash",
                                                        "dbus-launch",
                                                        "dbus-run-session",
                                                        "dotnet",
                                                        "electron",
                                                        "env",
                                                        "exo-open",
                                                        "fish",
                                                        "flatpak",
                                                        "gapplication",
                                                        "gio",
                                                        "gjs",
                                                        "gjs-console",
                                                        "gtk-launch",
                                                        "guile",
                                                        "java",
                                                        "kde-open",
                                                        "kioclient",
                                                        "ksh",
                                                        "lua",
                                                        "luajit",
                                                        "mono",
                                                        "node",
                                                        "nodejs",
                                                        "perl",
                                                        "php",
                                                        "pkexec",
                                                        "pypy",
                                                        "python",
                                                        "qml",
                                                        "qmlscene",
                                                        "ruby",
                                                        "sh",
                                                        "snap",
                                                        "sudo",
                                                        "systemd-run",
                                                        "tclsh",
                                                        "wine",
                                                        "wish",
                                                        "xdg-open",
                                                        "zsh"};
    std::string_view name = base_name(program);
    name = name.substr(0, name.find_last_not_of("0123456789.-") + 1);
    return name.empty() || std::ranges::find(known, name) != known.end();
}

std::string_view base_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

} // namespace sockledger
