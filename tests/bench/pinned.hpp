// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/checked.hpp"

#include <sched.h>
#include <utility>

namespace sockledger::bench {

/// Two CPUs that this process may use, the same one twice if there is no other.
inline std::pair<int, int> two_cpus() {
    cpu_set_t allowed;
    test::checked(sched_getaffinity(0, sizeof allowed, &allowed), "sched_getaffinity");
    std::pair<int, int> cpus{-1, -1};
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        if (cpus.first < 0)
            cpus = {cpu, cpu};
        else
            return {cpus.first, cpu};
    }
    return cpus;
}

/// Keeps the calling thread on one CPU.
inline void pin_to(int cpu) {
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    CPU_SET(cpu, &wanted);
    test::checked(sched_setaffinity(0, sizeof wanted, &wanted), "sched_setaffinity");
}

} // namespace sockledger::bench
