// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_entry.hpp"

#include "kernel/text.hpp"

#include <algorithm>
#include <cstddef>

namespace sockledger {

namespace {

constexpr std::size_t longest_name = 256;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view cut_off(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const std::string_view first = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return first;
}

std::string unescape(std::string_view value) {
    constexpr std::string_view letters = "sntr\\";
    constexpr std::string_view meanings = " \n\t\r\\";
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool escape = value[i] == '\\' && i + 1 < value.size();
        const auto letter = escape ? letters.find(value[i + 1]) : letters.npos;
        text += letter == letters.npos ? value[i] : meanings[letter];
        i += letter == letters.npos ? 0 : 1;
    }
    return text;
}

std::string name_of(std::string_view value) {
    const std::string text = printable(unescape(value));
    return text.size() <= longest_name ? text : std::string();
}

bool lists(std::string_view values, std::string_view wanted) {
    while (!values.empty())
        if (cut_off(values, ';') == wanted)
            return true;
    return false;
}

class Parser {
public:
    explicit Parser(const std::vector<std::string>& languages)
        : languages_(languages), language_(languages.size() + 1) {}

    void read(std::string_view key, std::string_view value) {
        if (key.starts_with("Name"))
            read_name(key.substr(4), value);
        else if (key == "Type")
            application_ = value == "Application";
        else if (key == "Icon")
            entry_.icon = name_of(value);
        else if (key == "Exec")
            entry_.exec = printable(unescape(value));
        else if (key == "TryExec")
            entry_.try_exec = printable(unescape(value));
        else if (key == "Hidden")
            entry_.deleted = value == "true";
        else if (key == "NoDisplay")
            entry_.displayed = value != "true";
        else if (key == "Categories")
            entry_.terminal = lists(value, "TerminalEmulator");
        else if (key == "X-Flatpak")
            entry_.package = "flatpak:" + name_of(value);
        else if (key == "X-SnapInstanceName")
            entry_.package = "snap:" + name_of(value);
    }

    std::optional<DesktopEntry> result() && {
        if (!application_ || (entry_.name.empty() && !entry_.deleted))
            return std::nullopt;
        return std::move(entry_);
    }

private:
    void read_name(std::string_view postfix, std::string_view value) {
        std::size_t language = languages_.size();
        if (!postfix.empty()) {
            if (postfix.front() != '[' || postfix.back() != ']')
                return;
            const auto found = std::ranges::find(languages_, postfix.substr(1, postfix.size() - 2));
            if (found == languages_.end())
                return;
            language = static_cast<std::size_t>(found - languages_.begin());
        }
        if (language < language_) {
            entry_.name = name_of(value);
            language_ = language;
        }
    }

    const std::vector<std::string>& languages_;
    std::size_t language_; // of the name so far, as an index
    bool application_ = true;
    DesktopEntry entry_;
};

// "de_AT.UTF-8@euro": the encoding plays no part.
void add_variants(std::string_view locale, std::vector<std::string>& languages) {
    const auto at = std::min(locale.find('@'), locale.size());
    const std::string modifier(locale.substr(at));
    const std::string_view country = locale.substr(0, std::min(locale.find('.'), at));
    const std::string_view language = country.substr(0, country.find('_'));
    for (const std::string_view base : {country, language}) {
        for (const std::string& end : {modifier, std::string()}) {
            std::string variant = std::string(base) + end;
            if (!base.empty() && std::ranges::find(languages, variant) == languages.end())
                languages.push_back(std::move(variant));
        }
    }
}

} // namespace

std::optional<DesktopEntry> parse_desktop_entry(std::string_view text,
                                                const std::vector<std::string>& languages) {
    Parser parser(languages);
    bool inside = false;
    while (!text.empty()) {
        std::string_view line = trimmed(cut_off(text, '\n'));
        if (line.starts_with('[')) {
            // What follows are actions, which have names and commands of their own.
            if (inside)
                break;
            inside = line == "[Desktop Entry]";
        } else if (inside && !line.starts_with('#') && line.find('=') != line.npos) {
            const std::string_view key = trimmed(cut_off(line, '='));
            parser.read(key, trimmed(line));
        }
    }
    return inside ? std::move(parser).result() : std::nullopt;
}

std::vector<std::string> desktop_languages(std::string_view language, std::string_view lc_all,
                                           std::string_view lc_messages, std::string_view lang) {
    const std::string_view locale = !lc_all.empty() ? lc_all : !lc_messages.empty() ? lc_messages : lang;
    if (locale.empty() || locale == "C" || locale == "POSIX" || locale.starts_with("C."))
        return {};
    std::string_view wanted = language.empty() ? locale : language;
    std::vector<std::string> languages;
    while (!wanted.empty())
        add_variants(cut_off(wanted, ':'), languages);
    return languages;
}

} // namespace sockledger
