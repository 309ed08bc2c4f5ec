// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "busiest.hpp"
#include "chart.hpp"
#include "settings.hpp"

#include <sockledger/snapshot.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sockledger::netdata {

/// The charts of applications: one of traffic and two of connections for each of the busiest, and all of
/// them stacked. Counters are shown one sample late: Netdata draws the growth between two values, so an
/// application that was not there before needs a first value without its first bytes, or they are lost.
/// Threads: one at a time.
class AppCharts {
public:
    /// `settings` has to live longer.
    explicit AppCharts(const Settings& settings);

    /// Adds what is to be shown after this snapshot.
    void add(std::vector<Chart>& charts, const Snapshot& snapshot);

private:
    struct Counters {
        std::uint64_t rx = 0;
        std::uint64_t tx = 0;
    };
    struct Known {
        std::string id;   ///< of its charts
        std::string name; ///< as a label
        bool wanted = false;
        Threshold threshold;
        Accuracy accuracy = Accuracy::Unavailable;
        Counters now;
        Counters shown;        ///< of the sample before
        Counters shown_before; ///< of the one before that
        ConnectionCounts connections;
    };

    std::vector<Candidate> take(const Snapshot& snapshot);
    void add_to_others();
    void add_overview(std::vector<Chart>& charts) const;
    void add_app(std::vector<Chart>& charts, const AppId& app, const Known& known) const;
    void forget_absent(const Snapshot& snapshot);

    const Settings& settings_;
    Busiest charted_;
    Busiest stacked_;
    std::set<std::string> stacked_before_;
    std::map<AppId, Known> apps_;
    Counters others_; ///< what those outside the stack moved
    std::uint64_t samples_ = 0;
};

} // namespace sockledger::netdata
