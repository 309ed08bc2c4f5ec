// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "bench/tool.hpp"
#include "support/netns.hpp"

#include <chrono>
#include <memory>

/// Traffic from the left to the right end of a link, as fast as it goes.
namespace sockledger::bench {

class Flow {
public:
    /// Since it began.
    struct Counts {
        double units = 0;   ///< what arrived: bytes by the device, or datagrams
        double seconds = 0; ///< that it took
        double cpu_ns = 0;  ///< of both ends
    };
    virtual ~Flow() = default;
    /// Something moves when this returns.
    virtual void begin() = 0;
    virtual Counts counts() const = 0;
    virtual void end() = 0;
};

struct FlowResult {
    double units = 0;
    double per_second = 0;
    double cpu_ns_per_unit = 0;
};
/// What one that has begun moves from now on in this time.
FlowResult measure(const Flow& flow, std::chrono::milliseconds time);

/// One iperf3 TCP stream; nullptr when iperf3 is not installed. Each end has a CPU of its own.
std::unique_ptr<Flow> make_iperf_flow(const test::VethPair& link);

/// Datagrams of 64 bytes, one system call each, between two processes with a CPU of their own.
std::unique_ptr<Flow> make_udp_flood(const test::VethPair& link);

} // namespace sockledger::bench
