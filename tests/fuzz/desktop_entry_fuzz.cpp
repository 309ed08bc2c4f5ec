// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_command.hpp"
#include "apps/desktop_entry.hpp"
#include "kernel/text.hpp"

#include <cstdint>

using namespace sockledger;

namespace {

void check(bool holds) {
    if (!holds) {
        __builtin_trap();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // The first line is a locale, too.
    const std::string_view locale = text.substr(0, text.find('\n'));
    const auto languages = desktop_languages(locale, locale, {}, "de_AT.UTF-8@euro");
    for (const std::string& language : languages) {
        check(!language.empty());
    }
    const auto entry = parse_desktop_entry(text, languages);
    if (!entry) {
        return 0;
    }
    check(entry->deleted || !entry->name.empty());
    for (const std::string& shown : {entry->name, entry->icon, entry->package}) {
        check(printable(shown) == shown && shown.size() < 300);
    }
    const DesktopCommand command = parse_exec(entry->exec);
    check(command.program.size() <= entry->exec.size());
    check(command.program.empty() || !runs_others(command.program));
    return 0;
}
