// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include "frame.hpp"

#include <sockledger/rules.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

/// Alerts as people read them.
namespace sockledger::cli {

/// Rule::id → what its numbers are: an alert itself does not say whether they are a rate.
using Measures = std::map<std::string, Rule::Measure>;
Measures measures_of(const std::vector<Rule>& rules);

/// Active ones first, then the newest.
std::vector<Line> alert_lines(std::vector<Alert> alerts, const Measures& measures, int width,
                              const Format& format);

/// "2026-11-21 14:30:05 ▲ raised NAME: TEXT (5.01 GB)", or as it was cleared.
std::string alert_line(const Alert& alert, const Measures& measures, const Format& format);

/// Turns a stream that begins anew after a break into one without repetitions.
class AlertNews {
public:
    /// What of this alert was not said yet: that it was raised, that it was cleared, both, or nothing.
    std::vector<Alert> take(const Alert& alert);

    /// Everything that may have changed since what was taken last was raised then or later.
    std::chrono::seconds since() const;

private:
    std::map<std::uint64_t, std::chrono::seconds> active_; ///< Alert::number → raised
    std::set<std::uint64_t> cleared_;
    std::chrono::seconds newest_{};
};

} // namespace sockledger::cli
