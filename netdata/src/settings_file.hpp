// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sockledger::netdata {

/// One `key = value` of a file in Netdata's style. Passive data.
struct SettingLine {
    std::string section;
    std::string key;
    std::string value;
    std::size_t line = 0;
};

struct SettingsFile {
    std::string name;
    std::vector<SettingLine> lines;
    std::vector<std::string> problems; ///< "sockledger.conf:12: ..."
};

/// Reads `[section]`, `key = value` and `# comment`. Blanks around words do not matter, a `#` inside of a
/// value belongs to it. What cannot be read is a problem and is left out. Threads: any.
SettingsFile parse_settings_file(std::string name, std::string_view text);

} // namespace sockledger::netdata
