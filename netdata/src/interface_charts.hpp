// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "chart.hpp"
#include "settings.hpp"

#include <sockledger/busiest.hpp>
#include <sockledger/snapshot.hpp>

#include <map>
#include <string>
#include <vector>

namespace sockledger::netdata {

/// The charts of interfaces: what the device counted, its state, and the books: who moved it.
/// Threads: one at a time.
class InterfaceCharts {
public:
    /// `settings` has to live longer.
    explicit InterfaceCharts(const Settings& settings);

    void add(std::vector<Chart>& charts, const Snapshot& snapshot);

private:
    const Settings& settings_;
    Busiest charted_;
    std::map<std::string, std::uint64_t> moved_before_;
};

} // namespace sockledger::netdata
