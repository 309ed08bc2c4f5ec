// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "chart.hpp"
#include "settings.hpp"

#include <sockledger/shown_apps.hpp>
#include <sockledger/snapshot.hpp>

#include <vector>

namespace sockledger::netdata {

/// The charts of applications: one of traffic and two of connections for each of the busiest, and all of
/// them stacked. Threads: one at a time.
class AppCharts {
public:
    /// `settings` has to live longer.
    explicit AppCharts(const Settings& settings);

    /// Adds what is to be shown after this snapshot.
    void add(std::vector<Chart>& charts, const Snapshot& snapshot);

private:
    void add_overview(std::vector<Chart>& charts) const;
    void add_app(std::vector<Chart>& charts, const ShownApp& app) const;

    const Settings& settings_;
    ShownApps charted_;
    ShownApps stacked_;
};

} // namespace sockledger::netdata
