// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <variant>
#include <vector>

namespace sockledger::collectd {

/// An item of collectd's configuration: `Key value value`, or a block with children. Passive data.
struct ConfigItem {
    std::string key;
    std::vector<std::variant<std::string, double, bool>> values;
    std::vector<ConfigItem> children;
};

} // namespace sockledger::collectd
