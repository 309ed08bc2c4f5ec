// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "app_charts.hpp"
#include "chart_book.hpp"
#include "interface_charts.hpp"
#include "settings.hpp"

#include <sockledger/snapshot.hpp>

#include <string>
#include <string_view>

namespace sockledger::netdata {

/// Snapshots in, lines for Netdata out. No clock and no I/O: equal snapshots give equal lines.
/// Threads: one at a time.
class Dashboard {
public:
    /// `settings` has to live longer.
    explicit Dashboard(const Settings& settings);

    std::string show(const Snapshot& snapshot);

    /// The counters, for the next run: see ChartBook.
    std::string save() const;
    void load(std::string_view counters) { book_.load(counters); }

private:
    AppCharts apps_;
    InterfaceCharts interfaces_;
    ChartBook book_;
    Instant shown_; ///< when the last snapshot was taken
};

} // namespace sockledger::netdata
