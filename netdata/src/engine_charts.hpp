// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "chart.hpp"

#include <sockledger/snapshot.hpp>

#include <vector>

namespace sockledger::netdata {

/// The machine's total, and how well Sockledger itself does: accuracy, what was lost, what sampling costs;
/// and a chart that is there only while exact numbers are missing, whose title says why. Threads: any.
void add_engine_charts(std::vector<Chart>& charts, const Snapshot& snapshot);

} // namespace sockledger::netdata
