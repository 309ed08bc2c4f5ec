// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"
#include "engine/address_text.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

Endpoint at(const char* address, std::uint16_t port = 0) {
    Endpoint endpoint = parse_address(address).value();
    endpoint.port = port;
    return endpoint;
}

/// A machine with loopback, eth0 of two addresses, and one socket.
struct Machine : Script {
    Machine() {
        loopback().addresses = {{"127.0.0.1", 8}, {"::1", 128}};
        link(2).addresses = {{"192.0.2.1", 24}, {"2001:db8::1", 64}, {"fe80::1", 64}};
        link(3).addresses = {{"198.51.100.1", 24}, {"fe80::1", 64}};
        process(100, "/usr/bin/curl");
        socket(7, 100);
    }
    Connection connection(const char* local, const char* remote) {
        sockets[0].local = at(local, 4000);
        sockets[0].remote = at(remote, 443);
        return sample()->connections.at(0);
    }
};

} // namespace

class ScopeTest : public QObject {
    Q_OBJECT

private slots:
    void anAddressIsAsFarAwayAsItsRegistrySays_data() {
        QTest::addColumn<Scope>("scope");
        const std::pair<Scope, std::vector<const char*>> scopes[] = {
            {Scope::Unspecified, {"0.0.0.0", "::"}},
            {Scope::Loopback, {"127.0.0.1", "127.255.255.254", "::1"}},
            {Scope::Link, {"169.254.1.1", "fe80::1", "febf:ffff::1"}},
            {Scope::Lan,
             {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255",
              "fc00::1", "fdff::1"}},
            {Scope::Multicast, {"224.0.0.251", "239.255.255.250", "255.255.255.255", "ff02::fb"}},
            {Scope::Internet,
             {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
              "100.63.255.255", "100.128.0.0", "128.0.0.1", "169.253.0.1", "223.255.255.255",
              "255.255.255.254", "fbff::1", "fec0::1", "2001:db8::1", "::2"}},
        };
        for (const auto& [scope, addresses] : scopes)
            for (const char* address : addresses)
                QTest::newRow(address) << scope;
    }
    void anAddressIsAsFarAwayAsItsRegistrySays() {
        QFETCH(Scope, scope);
        QCOMPARE(scope_of(at(QTest::currentDataTag(), 53)), scope);
    }

    void aConnectionHasTheScopeOfItsRemoteAndTheInterfaceOfItsAddress() {
        Machine machine;
        Connection connection = machine.connection("192.0.2.1", "203.0.113.9");
        QCOMPARE(connection.scope, Scope::Internet);
        QCOMPARE(connection.interface, std::optional(InterfaceId{own_netns, 2}));
        connection = machine.connection("2001:db8::1", "fd00::5");
        QCOMPARE(connection.scope, Scope::Lan);
        QCOMPARE(connection.interface, std::optional(InterfaceId{own_netns, 2}));
        connection = machine.connection("198.51.100.1", "10.1.1.1");
        QCOMPARE(connection.interface, std::optional(InterfaceId{own_netns, 3}));
    }

    void whatGoesBetweenOurOwnAddressesIsLoopback() {
        Machine machine;
        for (const auto& [local, remote] :
             {std::pair("127.0.0.1", "127.0.0.1"), std::pair("192.0.2.1", "192.0.2.1"),
              std::pair("192.0.2.1", "198.51.100.1"), std::pair("127.0.0.1", "192.0.2.1"),
              std::pair("2001:db8::1", "::1")}) {
            const Connection connection = machine.connection(local, remote);
            QCOMPARE(connection.scope, Scope::Loopback);
            QCOMPARE(connection.interface, std::nullopt);
        }
    }

    void theSameAddressInAnotherNamespaceIsNotOurs() {
        Machine machine;
        machine.sockets[0].netns = other_netns;
        const Connection connection = machine.connection("10.0.0.2", "192.0.2.1");
        QCOMPARE(connection.scope, Scope::Internet);
        QCOMPARE(connection.interface, std::nullopt);
    }

    void anAddressOfTwoInterfacesNamesNeither() {
        Machine machine;
        const Connection connection = machine.connection("fe80::1", "fe80::2");
        QCOMPARE(connection.scope, Scope::Link);
        QCOMPARE(connection.interface, std::nullopt);
    }

    void aListenerIsNotConnected() {
        Machine machine;
        QCOMPARE(machine.connection("0.0.0.0", "0.0.0.0").scope, Scope::Unspecified);
        const Connection connection = machine.connection("192.0.2.1", "0.0.0.0");
        QCOMPARE(connection.scope, Scope::Unspecified);
        QCOMPARE(connection.interface, std::optional(InterfaceId{own_netns, 2}));
    }

    void anAddressGoesWithItsInterface() {
        Machine machine;
        QVERIFY(machine.connection("192.0.2.1", "203.0.113.9").interface);
        machine.link(2).addresses.clear();
        QCOMPARE(machine.connection("192.0.2.1", "203.0.113.9").interface, std::nullopt);
        QVERIFY(machine.connection("198.51.100.1", "203.0.113.9").interface);
        machine.remove_link(3);
        QCOMPARE(machine.connection("198.51.100.1", "203.0.113.9").interface, std::nullopt);
    }

    void payloadBetweenOurOwnAddressesIsBookedAsLoopback() {
        Machine machine;
        machine.source("traffic").accuracy = Accuracy::Unavailable;
        machine.connection("192.0.2.1", "198.51.100.1");
        machine.sockets[0].tcp_tx_bytes = 500;
        const SnapshotPtr snapshot = machine.sample();
        QCOMPARE(snapshot->apps.at(0).loopback.tx_bytes, 500u);
        QCOMPARE(snapshot->apps.at(0).traffic.tx_bytes, 0u);
    }

    void aConnectionIsAsOldAsItsFirstTable() {
        Machine machine;
        QCOMPARE(machine.sample(5s)->connections.at(0).age, 0s);
        QCOMPARE(machine.sample(3s)->connections.at(0).age, 3s);
        machine.socket(8, 100);
        const SnapshotPtr snapshot = machine.sample(2s);
        QCOMPARE(snapshot->connections.at(0).age, 5s);
        QCOMPARE(snapshot->connections.at(1).age, 0s);
    }

    void aDisturbedTableDoesNotMakeItYoungAndAReusedInodeDoes() {
        Machine machine;
        machine.sockets[0].cookie = 0;
        machine.sample();
        const std::vector<SocketRecord> all = std::exchange(machine.sockets, {});
        machine.sample(2s);
        machine.sockets = all;
        QCOMPARE(machine.sample(2s)->connections.at(0).age, 4s);
        ++machine.sockets[0].local.port; // the inode was given to another socket
        QCOMPARE(machine.sample(2s)->connections.at(0).age, 0s);
    }
};

QTEST_GUILESS_MAIN(ScopeTest)
#include "scope_test.moc"
