// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The rows of an answer as a person reads them, without their looks.
namespace sockledger::cli {

struct UsageLine {
    std::string label;
    std::int64_t rx_bytes = 0;
    std::int64_t tx_bytes = 0;
    Accuracy accuracy = Accuracy::Exact;
    bool aside = false; ///< not one of what was asked for: the rest, the kernel, nobody
    bool operator==(const UsageLine&) const = default;

    std::int64_t total() const { return rx_bytes + tx_bytes; }
};

/// Sorted, labelled and cut to `limit`; see usage_lines().
std::vector<UsageLine> usage_rows(const Usage& usage, const UsageQuery& query,
                                  std::optional<std::size_t> limit);

/// When a bucket began: "14:30", "2026-11-21 14:00", "2026-11-21", "2026-11". With the date when
/// `whole` is of more than one day, with the zone when the clocks change in it.
std::string bucket_label(std::chrono::seconds from, UsageBucket::Unit unit, const TimeWindow& whole);

} // namespace sockledger::cli
