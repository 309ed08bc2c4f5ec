// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include "frame.hpp"

#include <sockledger/history.hpp>

#include <optional>
#include <string>
#include <vector>

/// An answer of history as a table for people.
namespace sockledger::cli {

struct UsageAnswer {
    UsageQuery query; ///< as it was asked
    Usage usage;
    std::string app_name;       ///< of UsageQuery::app
    std::chrono::seconds now{}; ///< CLOCK_REALTIME
};

/// Heading, rows with their bars, what was on the wire, and what a person should know about it. Rows of
/// apps and interfaces are sorted by total, those of time by time. With a `limit`, the smallest or oldest
/// rows beyond it are added up in one.
std::vector<Line> usage_lines(const UsageAnswer& answer, std::optional<std::size_t> limit, int width,
                              const Format& format);

/// What stands below the table: gaps, and a window that is wider than asked for.
std::vector<std::string> usage_notes(const UsageAnswer& answer, const Format& format);

} // namespace sockledger::cli
