// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "bench/tool.hpp"
#include "support/netns.hpp"

#include <memory>

/// Traffic from the left to the right end of a link, as fast as it goes for a second.
namespace sockledger::bench {

struct FlowResult {
    double per_second = 0;      ///< what arrived: bytes of TCP payload, or datagrams
    double cpu_ns_per_unit = 0; ///< CPU time of both ends for each of them
};

class Flow {
public:
    virtual ~Flow() = default;
    virtual FlowResult run() = 0;
};

/// One iperf3 TCP stream; nullptr when iperf3 is not installed. Each end has a CPU of its own.
std::unique_ptr<Flow> make_iperf_flow(const test::VethPair& link);

/// Datagrams of 64 bytes, one system call each, between two processes with a CPU of their own.
std::unique_ptr<Flow> make_udp_flood(const test::VethPair& link);

} // namespace sockledger::bench
