// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

const Connection* find(const SnapshotPtr& snapshot, std::uint64_t cookie) {
    const auto found =
        std::ranges::find(snapshot->connections, ConnectionId{cookie, own_netns}, &Connection::id);
    return found == snapshot->connections.end() ? nullptr : &*found;
}

} // namespace

class ConnectionTableTest : public QObject {
    Q_OBJECT

private slots:
    void aConnectionHasOwnerAppAndWireBytes() {
        Script script;
        script.process(100, "/usr/bin/curl");
        SocketRecord& socket = script.socket(7, 100);
        socket.wire_counted = true;
        socket.wire_rx_bytes = 1000;
        socket.tcp_rx_bytes = 900;
        socket.rtt_us = 1500;
        socket.retransmits = 2;
        SnapshotPtr snapshot = script.sample();
        const Connection* connection = find(snapshot, 7);
        QVERIFY(connection);
        QCOMPARE(connection->owner, Script::id(100));
        QCOMPARE(connection->app, "exe:/usr/bin/curl");
        QCOMPARE(connection->traffic.rx_bytes, 1000u);
        QCOMPARE(connection->traffic.accuracy, Accuracy::Exact);
        QCOMPARE(connection->traffic.rx_rate, std::nullopt);
        QCOMPARE(connection->rtt_us, 1500u);
        QCOMPARE(connection->retransmits, 2u);
        script.sockets[0].wire_rx_bytes = 3000;
        snapshot = script.sample(2s);
        QCOMPARE(find(snapshot, 7)->traffic.rx_rate, 1000.0);
    }

    void theOneWhoUsedItLastOwnsASharedSocket() {
        Script script;
        script.process(100, "/usr/bin/master");
        script.process(101, "/usr/bin/worker");
        script.socket(7, 101, 4);
        script.socket(7, 100, 3);
        script.socket(7, 100, 5);
        SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->connections.size(), 1u);
        QCOMPARE(find(snapshot, 7)->owner, Script::id(100)); // nobody is known to use it: the smallest
        for (SocketRecord& socket : script.sockets) {
            socket.owner = Script::id(101);
        }
        snapshot = script.sample();
        QCOMPARE(find(snapshot, 7)->owner, Script::id(101));
        QCOMPARE(find(snapshot, 7)->app, "exe:/usr/bin/worker");
    }

    void aSharedSocketCountsOnceForEachProcessAndApp() {
        Script script;
        script.process(100, "/usr/bin/server");
        script.process(101, "/usr/bin/server");
        script.process(102, "/usr/bin/other");
        for (std::uint32_t pid : {100u, 101u, 102u}) {
            script.socket(7, pid, 3).state = SocketState::Listen;
            script.socket(7, pid, 4).state = SocketState::Listen;
        }
        const SnapshotPtr snapshot = script.sample();
        ConnectionCounts once;
        once.total = once.tcp = once.listen = 1;
        once.tcp_states[static_cast<std::size_t>(SocketState::Listen)] = 1;
        for (std::uint32_t pid : {100u, 101u, 102u}) {
            QCOMPARE(snapshot->process(Script::id(pid))->connections, once);
        }
        QCOMPARE(snapshot->app("exe:/usr/bin/server")->connections, once);
        QCOMPARE(snapshot->app("exe:/usr/bin/other")->connections, once);
    }

    void protocolsAndStatesAreCounted() {
        Script script;
        script.process(100, "/usr/bin/server");
        script.socket(1, 100);
        script.socket(2, 100).state = SocketState::CloseWait;
        SocketRecord& udp = script.socket(3, 100);
        udp.protocol = Protocol::Udp;
        udp.has_tcp_info = false;
        script.socket(4, 100).protocol = Protocol::UdpLite;
        script.socket(5, 100).protocol = Protocol::Raw;
        const SnapshotPtr snapshot = script.sample();
        ConnectionCounts counts;
        counts.total = 5;
        counts.tcp = counts.udp = 2;
        counts.other = counts.established = 1;
        counts.tcp_states[static_cast<std::size_t>(SocketState::Established)] = 1;
        counts.tcp_states[static_cast<std::size_t>(SocketState::CloseWait)] = 1;
        QCOMPARE(snapshot->process(Script::id(100))->connections, counts);
        QCOMPARE(find(snapshot, 3)->traffic.accuracy, Accuracy::Unavailable);
        QCOMPARE(find(snapshot, 3)->rtt_us, std::nullopt);
    }

    void theSamePortInTcpAndUdpAndInTwoNamespacesAreFourSockets() {
        Script script;
        std::uint64_t cookie = 0;
        for (std::uint32_t netns : {own_netns, other_netns}) {
            for (Protocol protocol : {Protocol::Tcp, Protocol::Udp}) {
                SocketRecord& socket = script.socket(netns == own_netns ? ++cookie : cookie--, 100);
                socket.netns = netns; // the cookie is unique within its namespace only
                socket.protocol = protocol;
                socket.local.port = 53;
            }
        }
        QCOMPARE(script.sample()->connections.size(), 4u);
    }

    void withoutCookieTheInodeNamesTheSocket() {
        Script script;
        script.process(100, "/usr/bin/curl");
        script.socket(0, 100).inode = 41;
        script.socket(0, 100).inode = 42;
        script.socket(0, 100, 9).inode = 42;
        script.sockets[1].wire_counted = true;
        script.sockets[1].wire_tx_bytes = 5000;
        QCOMPARE(script.sample()->connections.size(), 2u);
        // the inode is given to another socket
        script.sockets.resize(2);
        script.sockets[1].local.port = 999;
        script.sockets[1].wire_tx_bytes = 10;
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->connections.size(), 2u);
        QCOMPARE(snapshot->connections[1].traffic.tx_bytes, 10u);
    }

    void socketsWithNeitherCookieNorInodeAreToldApart() {
        Script script;
        for (std::uint16_t port = 1; port <= 3; ++port) {
            SocketRecord& socket = script.socket(0, 0);
            socket.inode = 0;
            socket.state = SocketState::TimeWait;
            socket.remote.port = port;
        }
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->connections.size(), 3u);
        QCOMPARE(snapshot->connections[0].owner, std::nullopt);
        QCOMPARE(snapshot->connections[0].app, "");
    }

    void aTableThatWasNotReadStaysAsItIs() {
        Script script;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100).wire_counted = true;
        script.sample();
        script.sockets[0].wire_rx_bytes = 3000;
        const SnapshotPtr read = script.sample(3s);
        script.read_sockets = false;
        for (int i = 0; i < 5; ++i) {
            const SnapshotPtr kept = script.sample();
            QCOMPARE(kept->connections, read->connections);
            QCOMPARE(kept->app("exe:/usr/bin/curl")->connections.total, 1u);
        }
        script.read_sockets = true;
        script.sockets[0].wire_rx_bytes = 9000;
        QCOMPARE(find(script.sample(), 7)->traffic.rx_rate, 1000.0); // 6 s since the last table
    }

    void anUnreadableTableIsEmpty() {
        Script script;
        script.socket(7, 100);
        script.sample();
        script.read_sockets = false;
        script.source("sockets").accuracy = Accuracy::Unavailable;
        QVERIFY(script.sample()->connections.empty());
    }

    void aClosedSocketIsGone() {
        Script script;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100);
        script.socket(8, 100);
        script.sample();
        script.sockets.erase(script.sockets.begin());
        const SnapshotPtr snapshot = script.sample();
        QVERIFY(!find(snapshot, 7));
        QVERIFY(find(snapshot, 8));
        QCOMPARE(snapshot->process(Script::id(100))->connections.total, 1u);
    }

    // Without the packet counter

    void tcpPayloadStandsInForThePacketCounter() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100).tcp_rx_bytes = 1000000; // moved before we began
        SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 0u);
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.accuracy, Accuracy::Partial);
        QCOMPARE(find(snapshot, 7)->traffic.rx_bytes, 0u);

        script.sockets[0].tcp_rx_bytes += 500;
        script.socket(8, 100).tcp_tx_bytes = 70; // opened since
        snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 500u);
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.tx_bytes, 70u);
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_rate, 500.0);
        QCOMPARE(snapshot->process(Script::id(100))->traffic.rx_bytes, 500u);
        QCOMPARE(find(snapshot, 7)->traffic.accuracy, Accuracy::Partial);
        QCOMPARE(find(snapshot, 7)->traffic.rx_rate, 500.0);

        script.sockets.clear();
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_bytes, 500u);
    }

    void payloadRatesAreOfTheIntervalBetweenTables() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100);
        script.sample();
        script.read_sockets = false;
        script.sample();
        script.sample();
        script.read_sockets = true;
        script.sockets[0].tcp_rx_bytes = 3000;
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_rate, 1000.0);
        script.read_sockets = false;
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_rate, 1000.0); // as last known
    }

    void payloadBetweenLocalProgramsIsLoopback() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100).local.address = {127, 0, 0, 1};
        script.socket(8, 100).remote.address = {192, 0, 2, 1}; // our own address
        script.sample();
        script.sockets[0].tcp_rx_bytes = 10;
        script.sockets[1].tcp_rx_bytes = 20;
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->loopback.rx_bytes, 30u);
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 0u);
    }

    void whatMovesAfterTheLastHolderLetGoIsStillItsOwn() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100);
        script.sample();
        script.exit(100);
        script.sockets[0].process = {};
        script.sockets[0].state = SocketState::FinWait1;
        script.sockets[0].tcp_tx_bytes = 100;
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.tx_bytes, 100u);
    }

    void aSocketThatOneTableMissedIsNotCountedTwice() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.socket(7, 100).tcp_rx_bytes = 1000;
        script.sample();
        const auto sockets = std::exchange(script.sockets, {});
        QVERIFY(script.sample()->connections.empty());
        script.sockets = sockets;
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 1000u);
        QCOMPARE(find(snapshot, 7)->traffic.rx_rate, std::nullopt);
    }

    void payloadIsNotAddedToCountedPackets() {
        Script script;
        script.process(100, "/usr/bin/curl");
        script.socket(7, 100);
        script.sample();
        script.sockets[0].tcp_rx_bytes = 1000;
        script.sample();
        script.source("traffic").accuracy = Accuracy::Unavailable; // for a while
        script.sockets[0].tcp_rx_bytes = 2000;
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_bytes, 0u);
    }

    void withNeitherSourceNothingIsKnown() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.source("sockets").accuracy = Accuracy::Unavailable;
        script.read_sockets = false;
        script.process(100, "/usr/bin/curl");
        QCOMPARE(script.sample()->process(Script::id(100))->traffic.accuracy, Accuracy::Unavailable);
    }
};

QTEST_GUILESS_MAIN(ConnectionTableTest)
#include "connection_table_test.moc"
