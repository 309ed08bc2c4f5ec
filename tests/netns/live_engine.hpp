// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <sockledger/engine.hpp>

#include <QByteArray>
#include <QTest>

#include <stdexcept>

/// What tests of the whole engine on the live kernel share.
namespace sockledger::test {

/// An engine whose interfaces are those of `space`; sampled from any thread, one at a time.
inline std::unique_ptr<Engine> open_engine(const Namespace& space) {
    auto engine = space.run([] { return Engine::open(); });
    return engine ? *std::move(engine) : nullptr;
}

/// For traffic over IPv4 alone: on a busy machine reports of IPv6 groups come late, amid the traffic.
inline void turn_ipv6_off(const VethPair& link) {
    for (const VethEnd* end : {&link.left(), &link.right()})
        end->space->sysctl("net/ipv6/conf/" + end->device + "/disable_ipv6", "1");
    if (!link.wait_until_quiet())
        throw std::runtime_error("the link does not come to rest");
}

inline const Interface* interface_of(const Snapshot& snapshot, const VethEnd& end) {
    return snapshot.interface({end.space->inum(), end.ifindex});
}

inline DeviceCounters counters(const Traffic& traffic) {
    DeviceCounters counters;
    counters.rx_bytes = traffic.rx_bytes;
    counters.rx_packets = traffic.rx_packets;
    counters.tx_bytes = traffic.tx_bytes;
    counters.tx_packets = traffic.tx_packets;
    return counters;
}

inline DeviceCounters without_drops(DeviceCounters counters) {
    counters.rx_dropped = counters.tx_dropped = 0;
    return counters;
}

inline QByteArray text(const DeviceCounters& c) {
    return QByteArray::number(qint64(c.rx_bytes)) + "/" + QByteArray::number(qint64(c.rx_packets)) + " in, " +
           QByteArray::number(qint64(c.tx_bytes)) + "/" + QByteArray::number(qint64(c.tx_packets)) + " out";
}

} // namespace sockledger::test

#define COMPARE_COUNTERS(actual, expected)                                                                   \
    QVERIFY2((actual) == (expected), (text(actual) + ", expected " + text(expected)).constData())
