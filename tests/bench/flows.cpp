// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/flows.hpp"

#include <thread>

namespace sockledger::bench {

FlowResult measure(const Flow& flow, std::chrono::milliseconds time) {
    const Flow::Counts before = flow.counts();
    std::this_thread::sleep_for(time);
    const Flow::Counts after = flow.counts();
    const double units = after.units - before.units;
    return {units, units / (after.seconds - before.seconds), (after.cpu_ns - before.cpu_ns) / units};
}

} // namespace sockledger::bench
