// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

const InterfaceId eth{own_netns, 2};
constexpr const char* curl = "exe:/usr/bin/curl";

/// A machine without the packet counter.
struct Machine : Script {
    Machine() {
        source("traffic").accuracy = Accuracy::Unavailable;
        source("sockets").accuracy = Accuracy::Partial;
        loopback().addresses = {{"127.0.0.1", 8}};
        link(2, "").addresses = {{"192.0.2.1", 24}};
        link(2).default_route = true;
        process(100, "/usr/bin/curl");
    }
    /// `bytes` of payload come for a socket in `packets`, as the device and tcp_info count them.
    void receive_payload(SocketRecord& socket, std::uint64_t bytes, std::uint64_t packets) {
        socket.tcp_rx_bytes += bytes;
        link(2).stats.rx_bytes += bytes + packets * 66;
        link(2).stats.rx_packets += packets;
    }
    /// The kernel tells that a socket was destroyed, at the next sample.
    void destroy(SocketRecord socket) {
        std::erase_if(sockets, [&](const SocketRecord& one) { return one.cookie == socket.cookie; });
        socket.process = {};
        socket.inode = socket.uid = 0;
        socket.state = SocketState::Close;
        readings.sockets.closed.push_back(socket);
    }
    SnapshotPtr next() {
        SnapshotPtr snapshot = sample();
        readings.sockets.closed.clear();
        return snapshot;
    }
    void count_packets(Accuracy accuracy = Accuracy::Exact) { source("traffic").accuracy = accuracy; }
};

#define COMPARE_BOOKS(interface)                                                                             \
    do {                                                                                                     \
        const Interface& books = (interface);                                                                \
        QCOMPARE(books.apps.rx_bytes + books.kernel.rx_bytes + books.unattributed.rx_bytes,                  \
                 books.total.rx_bytes);                                                                      \
        QCOMPARE(books.apps.tx_bytes + books.kernel.tx_bytes + books.unattributed.tx_bytes,                  \
                 books.total.tx_bytes);                                                                      \
        QCOMPARE(books.apps.rx_packets + books.kernel.rx_packets + books.unattributed.rx_packets,            \
                 books.total.rx_packets);                                                                    \
    } while (false)

} // namespace

/// What is shown where packets are not counted, and what it is called.
class LowerTiersTest : public QObject {
    Q_OBJECT

private slots:
    void payloadIsBookedOnTheInterfaceThatHasTheAddress() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.receive_payload(machine.sockets[0], 10'000, 10);
        machine.next();
        const SnapshotPtr snapshot = machine.next();
        const App& app = *snapshot->app(curl);
        QCOMPARE(app.traffic.rx_bytes, 10'000u);
        QCOMPARE(app.traffic.accuracy, Accuracy::Partial);
        QCOMPARE(app.by_interface.at(eth).rx_bytes, 10'000u);
        QCOMPARE(app.by_interface.at(eth).accuracy, Accuracy::Partial);
        const Interface& interface = *snapshot->interface(eth);
        QCOMPARE(interface.apps.rx_bytes, 10'000u);
        QCOMPARE(interface.apps.accuracy, Accuracy::Partial);
        QCOMPARE(interface.kernel.accuracy, Accuracy::Unavailable);
        QCOMPARE(interface.unattributed.rx_bytes, 660u);
        QCOMPARE(interface.unattributed.accuracy, Accuracy::Partial);
        QCOMPARE(interface.unattributed_cause, UnattributedCause::NotCounted);
        COMPARE_BOOKS(interface);
    }

    void theBooksAreCompletedWhenTheTableIsDue() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.read_sockets = false;
        for (int i = 0; i < 5; ++i) {
            machine.receive_payload(machine.sockets[0], 1000, 1);
            const SnapshotPtr snapshot = machine.next();
            QCOMPARE(snapshot->interface(eth)->total.rx_bytes, 1066u * (1 + std::size_t(i)));
            QCOMPARE(snapshot->interface(eth)->unattributed.rx_bytes, 0u);
        }
        machine.read_sockets = true;
        SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->interface(eth)->apps.rx_bytes, 5000u);
        QCOMPARE(snapshot->interface(eth)->apps.rx_rate, 5000.0 / 6);
        snapshot = machine.next();
        QCOMPARE(snapshot->interface(eth)->unattributed.rx_bytes, 330u);
        COMPARE_BOOKS(*snapshot->interface(eth));
    }

    void anAddressOfTheLoopbackDeviceIsNoPlace() {
        Machine machine;
        machine.loopback().addresses.push_back({"203.0.113.1", 32});
        machine.socket(7, 100).local.address = {203, 0, 113, 1};
        machine.next();
        machine.sockets[0].tcp_rx_bytes = 100;
        const SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 100u);
        QVERIFY(snapshot->app(curl)->by_interface.empty());
    }

    void payloadBetweenOurOwnProgramsIsOnTheLoopback() {
        Machine machine;
        machine.socket(7, 100).remote.address = {192, 0, 2, 1};
        machine.next();
        machine.sockets[0].tcp_rx_bytes = 100;
        const SnapshotPtr snapshot = machine.next();
        const InterfaceId lo{own_netns, 1};
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 0u);
        QCOMPARE(snapshot->app(curl)->loopback.rx_bytes, 100u);
        QCOMPARE(snapshot->app(curl)->by_interface.at(lo).rx_bytes, 100u);
        QCOMPARE(snapshot->interface(lo)->apps.rx_bytes, 100u);
        QCOMPARE(snapshot->interface(eth)->apps.rx_bytes, 0u);
    }

    void aDestroyedSocketKeepsItsLastBytes() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.receive_payload(machine.sockets[0], 1000, 1);
        machine.next();
        machine.receive_payload(machine.sockets[0], 500, 1);
        machine.destroy(machine.sockets[0]);
        const SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 1500u);
        QCOMPARE(snapshot->process(Script::id(100))->traffic.rx_bytes, 1500u);
        QCOMPARE(snapshot->interface(eth)->apps.rx_bytes, 1500u);
        QVERIFY(!snapshot->app("unknown"));
    }

    void whatIsDestroyedBetweenTwoTablesIsShownWithTheNext() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.read_sockets = false;
        machine.receive_payload(machine.sockets[0], 500, 1);
        machine.destroy(machine.sockets[0]);
        machine.next();
        machine.next();
        machine.read_sockets = true;
        QCOMPARE(machine.next()->app(curl)->traffic.rx_bytes, 500u);
    }

    void aDestroyedSocketThatStillWaitsIsNotCountedTwice() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.receive_payload(machine.sockets[0], 500, 1);
        const SocketRecord last = machine.sockets[0];
        machine.destroy(last);
        SocketRecord& rest = machine.socket(7, 0);
        rest.state = SocketState::TimeWait;
        rest.has_tcp_info = false;
        rest.inode = 0;
        for (int i = 0; i < 3; ++i)
            QCOMPARE(machine.next()->app(curl)->traffic.rx_bytes, 500u);
    }

    void aNoticeThatComesAfterItsTimeWaitIsCounted() {
        Machine machine;
        machine.next();
        SocketRecord brief = machine.socket(7, 100);
        machine.sockets[0].process = {};
        machine.sockets[0].inode = 0;
        machine.sockets[0].state = SocketState::TimeWait;
        machine.sockets[0].has_tcp_info = false;
        machine.next();
        machine.receive_payload(brief, 700, 1);
        brief.state = SocketState::Close;
        machine.readings.sockets.closed.push_back(brief);
        QCOMPARE(machine.next()->app("unknown")->traffic.rx_bytes, 700u);
        QCOMPARE(machine.next()->app("unknown")->traffic.rx_bytes, 700u);
    }

    void aNoticeThatComesLateIsNotCountedAgain() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.receive_payload(machine.sockets[0], 500, 1);
        machine.next();
        SocketRecord last = machine.sockets[0];
        machine.sockets.clear();
        for (int i = 0; i < 10; ++i)
            machine.next();
        machine.receive_payload(last, 10, 1);
        machine.destroy(last);
        SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 510u);
        QVERIFY(!snapshot->app("unknown"));
    }

    void aSocketThatNoTableHasShownIsOfTheUnknownApp() {
        Machine machine;
        machine.next();
        SocketRecord brief = machine.socket(8, 100);
        machine.receive_payload(brief, 700, 1);
        machine.destroy(brief);
        const SnapshotPtr snapshot = machine.next();
        QVERIFY(!snapshot->app(curl) || snapshot->app(curl)->traffic.rx_bytes == 0);
        QCOMPARE(snapshot->app("unknown")->traffic.rx_bytes, 700u);
        QCOMPARE(snapshot->app("unknown")->traffic.accuracy, Accuracy::Partial);
        QCOMPARE(snapshot->interface(eth)->apps.rx_bytes, 700u);
    }

    void whatWasDestroyedBeforeTheFirstTableIsNotOurs() {
        Machine machine;
        SocketRecord early = machine.socket(8, 100);
        early.tcp_rx_bytes = 1'000'000;
        machine.destroy(early);
        const SnapshotPtr snapshot = machine.next();
        QVERIFY(!snapshot->app("unknown"));
    }

    void aNewSocketWaitsOneTableForItsHolder() {
        Machine machine;
        machine.next();
        machine.socket(7, 0).tcp_rx_bytes = 300; // the kernel has not accepted it yet
        QVERIFY(!machine.next()->app("unknown"));
        machine.sockets[0].process = Script::id(100);
        machine.sockets[0].tcp_rx_bytes = 500;
        const SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 500u);
        QVERIFY(!snapshot->app("unknown"));
    }

    void aSocketWhoseHolderMayNotBeSeenIsOfTheUnknownApp() {
        Machine machine;
        machine.socket(6, 0);
        machine.next();
        machine.sockets[0].tcp_rx_bytes = 200;
        machine.socket(7, 0).tcp_rx_bytes = 300;
        QCOMPARE(machine.next()->app("unknown")->traffic.rx_bytes, 200u);
        QCOMPARE(machine.next()->app("unknown")->traffic.rx_bytes, 500u);
    }

    void aUdpConnectionHasNoBytesRatherThanNone() {
        Machine machine;
        SocketRecord& udp = machine.socket(7, 100);
        udp.protocol = Protocol::Udp;
        udp.has_tcp_info = false;
        machine.next();
        QCOMPARE(machine.next()->connections.at(0).traffic.accuracy, Accuracy::Unavailable);
    }

    void aTableThatFailsForAWhileLeavesALowerBound() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.sockets[0].tcp_rx_bytes = 100;
        machine.next();
        machine.source("sockets").accuracy = Accuracy::Unavailable;
        machine.read_sockets = false;
        QCOMPARE(machine.next()->app(curl)->traffic.accuracy, Accuracy::Partial);
    }

    // When a better source comes up

    void whatWasEstimatedStaysEstimatedForGood() {
        Machine machine;
        machine.source("sockets").accuracy = Accuracy::Estimated;
        machine.socket(7, 100).has_tcp_info = false;
        machine.next();
        machine.device_receives(2, 10, 86);
        QCOMPARE(machine.next()->app(curl)->traffic.accuracy, Accuracy::Estimated);
        // The rows hold what passed since their source was opened: the same packets.
        machine.row(100, 2).rx_bytes = 860;
        machine.row(100, 2).rx_packets = 10;
        machine.count_packets();
        SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 1000u);
        machine.process(200, "/usr/bin/wget");
        machine.receive(100, 2, 1, 86);
        machine.receive(200, 2, 2, 86);
        machine.next();
        snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 1100u);
        QCOMPARE(snapshot->app(curl)->traffic.accuracy, Accuracy::Estimated);
        QCOMPARE(snapshot->app(curl)->by_interface.at(eth).accuracy, Accuracy::Estimated);
        QCOMPARE(snapshot->app("exe:/usr/bin/wget")->traffic.rx_bytes, 200u);
        QCOMPARE(snapshot->app("exe:/usr/bin/wget")->traffic.accuracy, Accuracy::Exact);
        QCOMPARE(snapshot->interface(eth)->apps.accuracy, Accuracy::Estimated);
        QCOMPARE(snapshot->interface(eth)->kernel.accuracy, Accuracy::Exact);
        COMPARE_BOOKS(*snapshot->interface(eth));
    }

    void payloadAndPacketsAreNotCountedTwice() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.receive_payload(machine.sockets[0], 10'000, 10);
        machine.next();
        machine.row(100, 2).rx_bytes = 10'520;
        machine.row(100, 2).rx_packets = 10;
        machine.device_receives(2, 1, 86); // in the interval in which the counter comes up
        machine.row(100, 2).rx_bytes += 86;
        machine.row(100, 2).rx_packets += 1;
        machine.count_packets();
        machine.next();
        machine.receive(100, 2, 3, 86);
        machine.next();
        const SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 10'300u);
        QCOMPARE(snapshot->app(curl)->traffic.accuracy, Accuracy::Partial);
        QCOMPARE(snapshot->interface(eth)->unattributed.rx_bytes, 660u + 100u);
        COMPARE_BOOKS(*snapshot->interface(eth));
    }

    void aDeviceOfSuperPacketsIsStillToldAfterTheChange() {
        Machine machine;
        machine.socket(7, 100);
        machine.next();
        machine.receive_payload(machine.sockets[0], 1'000'000, 1000);
        machine.next();
        machine.count_packets();
        machine.next();
        TrafficCounters& row = machine.row(100, 2); // one packet of the device, of 40 segments
        row.rx_bytes = 40 * 1052;
        row.rx_packets = 40;
        row.rx_gso_bytes = 39 * 52;
        row.rx_gso_packets = 39;
        machine.device_receives(2, 1, 40 * 1000 + 52);
        machine.next();
        const SnapshotPtr snapshot = machine.next();
        QCOMPARE(snapshot->app(curl)->traffic.rx_bytes, 1'000'000u + 40 * 1066);
        COMPARE_BOOKS(*snapshot->interface(eth));
    }

    void whatWasAllCountedIsExact() {
        Machine machine;
        machine.count_packets();
        machine.next();
        machine.receive(100, 2, 3, 86);
        QCOMPARE(machine.next()->app(curl)->traffic.accuracy, Accuracy::Exact);
        machine.count_packets(Accuracy::Unavailable); // for a while: what is shown is a lower bound
        QCOMPARE(machine.next()->app(curl)->traffic.accuracy, Accuracy::Partial);
        machine.count_packets();
        QCOMPARE(machine.next()->app(curl)->traffic.accuracy, Accuracy::Exact);
    }
};

QTEST_GUILESS_MAIN(LowerTiersTest)
#include "lower_tiers_test.moc"
