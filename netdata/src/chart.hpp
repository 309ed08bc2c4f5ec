// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sockledger::netdata {

struct Dimension {
    std::string id;
    std::string name;
    std::optional<std::int64_t> value; ///< a gap without
    bool incremental = false;          ///< `value` is a counter; Netdata shows how fast it grows
    int multiplier = 1;
    int divisor = 1;
};

/// A chart and its values of now. Charts of one context have the same title, units and dimensions, and
/// differ in labels. Every text was made by identifier() or label_text(), or is a literal. Passive data.
struct Chart {
    std::string id; ///< without the type: "app_exe_usr_bin_curl_traffic"
    std::string title;
    std::string units;
    std::string family;  ///< the submenu
    std::string context; ///< without the type: "app_traffic"
    const char* type = "line";
    int priority = 7000;
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<std::pair<std::string, std::uint64_t>> variables; ///< for alarms
    std::vector<Dimension> dimensions;
};

/// Netdata's counters end at 2^63.
inline std::int64_t counted(std::uint64_t value) {
    return static_cast<std::int64_t>(std::min(value, std::uint64_t{1} << 62));
}

/// Bytes in, kilobits/s out.
inline Dimension bytes(std::string id, std::uint64_t value, bool below_the_axis = false) {
    return {id, id, counted(value), true, below_the_axis ? -8 : 8, 1000};
}

inline Dimension counter(std::string id, std::uint64_t value, bool below_the_axis = false) {
    return {id, id, counted(value), true, below_the_axis ? -1 : 1, 1};
}

inline Dimension gauge(std::string id, std::int64_t value, int divisor = 1) {
    return {id, id, value, false, 1, divisor};
}

} // namespace sockledger::netdata
