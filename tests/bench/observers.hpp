// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <memory>
#include <optional>

/// What watches a link while traffic flows, and costs something by that.
namespace sockledger::bench {

class Observer {
public:
    virtual ~Observer() = default;
    /// Ends the watch: the bytes, or packets, that it has counted at its end of the link, as the device
    /// there counts them; nothing when it does not count.
    virtual std::optional<double> finish() = 0;
};

/// Our programs on both ends, and a reading of their counters each second, as the daemon does it.
/// Counts what the right end receives.
std::unique_ptr<Observer> observe_with_sockledger(const test::VethPair& link);

/// The least that any program for each packet costs: two cgroup_skb programs that do nothing.
std::unique_ptr<Observer> observe_with_empty_programs();

/// nethogs on the left end: counts the bytes that it sends; nullptr when it is not installed.
std::unique_ptr<Observer> observe_with_nethogs(const test::VethPair& link);

/// tcpdump on the left end, which writes the headers away: counts the packets that it sends; nullptr when it
/// is not installed.
std::unique_ptr<Observer> observe_with_tcpdump(const test::VethPair& link);

/// Other people's programs on the packets of this machine: while there are some, nothing is bare.
bool packets_are_watched();

} // namespace sockledger::bench
