// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "chart.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The lines that Netdata reads:
/// https://learn.netdata.cloud/docs/developer-and-contributor-corner/external-plugins The same ones
/// serve 1.37 and 2.x. Each function appends. Threads: any.
namespace sockledger::netdata {

/// The only place that knows the order of the fields: an `obsolete` chart with them in another order
/// crashed Netdata before 1.31.
void append_chart_line(std::string& out, const Chart& chart, unsigned update_every, bool obsolete);
void append_dimension_line(std::string& out, const Dimension& dimension, bool obsolete);
void append_labels(std::string& out, const Chart& chart);
void append_variable(std::string& out, std::string_view name, std::uint64_t value);
/// Without the time since the last BEGIN Netdata takes its own clock, which it has to after a CHART line.
void append_begin(std::string& out, std::string_view id, std::uint64_t microseconds);
void append_set(std::string& out, std::string_view dimension, std::int64_t value);
void append_end(std::string& out);

struct FunctionOffer {
    std::string_view name;
    std::string_view help;
    std::string_view access;
    unsigned timeout_seconds = 10;
};
void append_function(std::string& out, const FunctionOffer& offer);
/// `body` is JSON whose lines are short; `expires` is in seconds since the epoch.
void append_function_result(std::string& out, std::string_view transaction, int status, std::int64_t expires,
                            std::string_view body);

} // namespace sockledger::netdata
