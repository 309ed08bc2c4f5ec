// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

struct sockledger_app;
struct sockledger_interface;
struct sockledger_shown_app;
struct sockledger_snapshot_info;

namespace sockledger::collectd {

/// Whole numbers are collectd's DERIVE, others its GAUGE.
using Number = std::variant<std::int64_t, double>;

/// What one identifier of collectd has at one time: a value_list_t. Passive data.
struct Value {
    const char* plugin;
    std::string instance;
    const char* type;          ///< of the types.db that every collectd has: others are dropped by servers
    std::string type_instance; ///< may be empty
    std::vector<Number> numbers;
    std::uint64_t realtime_ns; ///< CLOCK_REALTIME
};

inline constexpr char machine_plugin[] = "sockledger";
inline constexpr char app_plugin[] = "sockledger_app";
/// The instance of the machine's own totals, which nothing else in collectd could add up.
inline constexpr char machine_instance[] = "all";
/// The instance of all applications that are not shown by name.
inline constexpr char other_instance[] = "other";

/// What was counted but belongs to no application.
struct Lost {
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
};

/// The machine's totals, how well applications are known, and what was lost.
void add_machine(std::vector<Value>& values, const sockledger_snapshot_info& info, const Lost& lost);

void add_interface(std::vector<Value>& values, const sockledger_interface& row, const std::string& instance,
                   std::uint64_t realtime_ns);

/// Which numbers of an application there are besides its bytes.
struct AppParts {
    bool connections = true;
    bool processes = true;
};

/// The TCP states of an application that have a series already, so that they fall to zero instead of away.
using States = std::array<bool, 13>;

/// `counted_ns` is when its byte counters were read, 0 for not yet; `now_ns` when its sockets were.
void add_app(std::vector<Value>& values, const sockledger_shown_app& row, const std::string& instance,
             const AppParts& parts, States& states, std::uint64_t counted_ns, std::uint64_t now_ns);

} // namespace sockledger::collectd
