// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/address_text.hpp"
#include "names/host_cache.hpp"
#include "names/services.hpp"

#include <sockledger/names.hpp>

#include <QTest>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

Endpoint at(const char* address, std::uint16_t port) {
    Endpoint endpoint = parse_address(address).value();
    endpoint.port = port;
    return endpoint;
}

/// A Snapshot of connections alone.
struct Machine {
    Connection& connect(const char* app, std::uint16_t local_port, const char* remote,
                        std::uint16_t remote_port) {
        Connection connection;
        connection.id.cookie = snapshot.connections.size() + 1;
        connection.app = app;
        connection.protocol = Protocol::Tcp;
        connection.state = SocketState::Established;
        connection.local = at("192.0.2.1", local_port);
        connection.remote = at(remote, remote_port);
        connection.scope = scope_of(connection.remote);
        connection.traffic.accuracy = Accuracy::Exact;
        return snapshot.connections.emplace_back(connection);
    }
    void listen(const char* app, std::uint16_t port) {
        connect(app, port, "0.0.0.0", 0).state = SocketState::Listen;
    }
    Snapshot snapshot;
};

} // namespace

class NamesTest : public QObject {
    Q_OBJECT

private slots:
    void aServiceIsNamedByPortAndProtocol() {
        const Services services("# a comment\n"
                                "ssh\t\t22/tcp\t\t\t# SSH Remote Login Protocol\n"
                                "domain 53/tcp\n"
                                "domain 53/udp nameserver\n"
                                "http 80/tcp www\n"
                                "www-other 80/tcp\n"
                                "diameter 3868/sctp\n"
                                "last 99/tcp");
        QCOMPARE(services.name(Protocol::Tcp, 22), "ssh");
        QCOMPARE(services.name(Protocol::Udp, 22), "");
        QCOMPARE(services.name(Protocol::Udp, 53), "domain");
        QCOMPARE(services.name(Protocol::UdpLite, 53), "domain");
        QCOMPARE(services.name(Protocol::Tcp, 80), "http");
        QCOMPARE(services.name(Protocol::Sctp, 3868), "diameter");
        QCOMPARE(services.name(Protocol::Tcp, 99), "last");
        QCOMPARE(services.name(Protocol::Tcp, 0), "");
    }

    void aLineThatSaysNothingIsLeftOut() {
        const Services services("\n\n#\nalone\nno-number x/tcp\nno-slash 80\nlarge 65536/tcp\nempty 81/\n"
                                "strange 82/ddp\n 83/tcp\nb\x1b[2J 84/tcp\r\n");
        for (const std::uint16_t port : std::initializer_list<std::uint16_t>{80, 81, 82, 83})
            QCOMPARE(services.name(Protocol::Tcp, port), "");
        QCOMPARE(services.name(Protocol::Tcp, 84), "b\\x1b[2J");
    }

    void remotesAreGroupedByAddressAndService() {
        Machine machine;
        for (const std::uint16_t port : std::initializer_list<std::uint16_t>{4001, 4002, 4003}) {
            Traffic& traffic = machine.connect("firefox", port, "203.0.113.9", 443).traffic;
            traffic.rx_bytes = 100;
            traffic.rx_rate = 10;
            traffic.tx_rate = 0;
        }
        machine.connect("firefox", 4004, "203.0.113.9", 80);
        machine.connect("firefox", 4005, "203.0.113.9", 443).protocol = Protocol::Udp;
        machine.connect("curl", 4006, "203.0.113.9", 443);
        const std::vector<Remote> remotes = top_remotes(machine.snapshot, "firefox", 10);
        QCOMPARE(remotes.size(), 3u);
        QCOMPARE(remotes[0].endpoint, at("203.0.113.9", 443));
        QCOMPARE(remotes[0].protocol, Protocol::Tcp);
        QCOMPARE(remotes[0].scope, Scope::Internet);
        QCOMPARE(remotes[0].connections, 3u);
        QCOMPARE(remotes[0].traffic.rx_bytes, 300u);
        QCOMPARE(remotes[0].traffic.rx_rate, 30.0);
        QCOMPARE(remotes[0].traffic.accuracy, Accuracy::Exact);
    }

    void clientsOfAServiceAreOneRemoteEach() {
        Machine machine;
        machine.listen("sshd", 22);
        for (const std::uint16_t port : std::initializer_list<std::uint16_t>{50001, 50002})
            machine.connect("sshd", 22, "192.168.1.7", port);
        machine.connect("sshd", 22, "192.168.1.8", 50001);
        const std::vector<Remote> remotes = top_remotes(machine.snapshot, "sshd", 10);
        QCOMPARE(remotes.size(), 2u);
        QCOMPARE(remotes[0].endpoint, at("192.168.1.7", 0));
        QCOMPARE(remotes[0].own_port, std::uint16_t{22});
        QCOMPARE(remotes[0].connections, 2u);
        QCOMPARE(remotes[0].scope, Scope::Lan);
    }

    void theBusiestRemotesComeFirst() {
        Machine machine;
        machine.connect("app", 1, "203.0.113.1", 443).traffic.rx_bytes = 500;
        machine.connect("app", 2, "203.0.113.2", 443).traffic.rx_bytes = 900;
        machine.connect("app", 3, "203.0.113.3", 443).traffic.tx_rate = 1;
        machine.connect("other", 4, "203.0.113.4", 443).traffic.rx_bytes = 1;
        std::vector<Remote> remotes = top_remotes(machine.snapshot, "app", 2);
        QCOMPARE(remotes.size(), 2u);
        QCOMPARE(remotes[0].endpoint, at("203.0.113.3", 443));
        QCOMPARE(remotes[1].endpoint, at("203.0.113.2", 443));
        remotes = top_remotes(machine.snapshot, "", 1); // of each application
        QCOMPARE(remotes.size(), 2u);
        QCOMPARE(remotes[1].app, "other");
        QVERIFY(top_remotes(machine.snapshot, "app", 0).empty());
    }

    void aRemoteIsAsExactAsItsWorstConnection() {
        Machine machine;
        machine.connect("app", 1, "203.0.113.1", 443);
        machine.connect("app", 2, "203.0.113.1", 443).traffic.accuracy = Accuracy::Partial;
        machine.connect("app", 3, "203.0.113.1", 443);
        QCOMPARE(top_remotes(machine.snapshot, "app", 1).at(0).traffic.accuracy, Accuracy::Partial);
    }

    void loopbackAndListenersAreNoRemotes() {
        Machine machine;
        machine.listen("app", 80);
        machine.connect("app", 80, "127.0.0.1", 4000);
        machine.connect("app", 81, "203.0.113.1", 443).scope = Scope::Loopback; // an address of ours
        QVERIFY(top_remotes(machine.snapshot, "app", 10).empty());
    }

    void theCacheKeepsToItsSize() {
        HostCache cache(2);
        cache.keep(at("192.0.2.1", 0), "one", 30s);
        cache.keep(at("192.0.2.2", 0), "two", 10s);
        cache.keep(at("192.0.2.3", 0), "three", 20s);
        QCOMPARE(cache.size(), 2u);
        QVERIFY(!cache.find(at("192.0.2.2", 0)));   // would have been asked again first
        cache.keep(at("192.0.2.1", 0), "uno", 40s); // takes no room
        QCOMPARE(cache.find(at("192.0.2.1", 0))->name, "uno");
        QCOMPARE(cache.find(at("192.0.2.3", 0))->until, 20s);
        HostCache none(0);
        none.keep(at("192.0.2.1", 0), "one", 30s);
        QCOMPARE(none.size(), 0u);
    }
};

QTEST_GUILESS_MAIN(NamesTest)
#include "names_test.moc"
