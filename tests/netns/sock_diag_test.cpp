// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"
#include "live_sockets.hpp"

#include "kernel/netns.hpp"
#include "samplers/sock_diag_sockets.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"

#include <QTest>

#include <algorithm>
#include <optional>

#include <sys/prctl.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

using Table = std::vector<SocketRecord>;

Table holders_of(const Table& table, std::uint64_t inode) {
    Table found;
    std::ranges::copy_if(table, std::back_inserter(found), [&](const auto& s) { return s.inode == inode; });
    return found;
}

} // namespace

class SockDiagTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns");
        space_.emplace();
    }

    void cleanupTestCase() { space_.reset(); }

    void tcpIsListedAsItsOwnSystemCallsDescribeIt_data() {
        QTest::addColumn<QByteArray>("listenAt");
        QTest::addColumn<QByteArray>("connectAt");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1") << QByteArray("127.0.0.1");
        QTest::newRow("IPv6") << QByteArray("::1") << QByteArray("::1");
        QTest::newRow("IPv4 wildcard") << QByteArray("0.0.0.0") << QByteArray("127.0.0.2");
        QTest::newRow("dual stack, IPv4 client") << QByteArray("::") << QByteArray("127.0.0.1");
        QTest::newRow("dual stack, mapped client") << QByteArray("::") << QByteArray("::ffff:127.0.0.1");
    }
    void tcpIsListedAsItsOwnSystemCallsDescribeIt() {
        QFETCH(QByteArray, listenAt);
        QFETCH(QByteArray, connectAt);
        space_->run([&] {
            const Connection3 tcp(listenAt.constData(), connectAt.constData(), 4000);
            tcp.transfer(100'000);
            const auto table = read();
            check(table, tcp.listener, Protocol::Tcp, SocketState::Listen);
            check(table, tcp.client, Protocol::Tcp, SocketState::Established);
            check(table, tcp.accepted, Protocol::Tcp, SocketState::Established);
            const auto accepted = holders_of(table, inode_of(tcp.accepted.get()));
            QVERIFY(accepted.at(0).tcp_rx_bytes == 100'000);
            QVERIFY(accepted.at(0).rtt_us > 0);
        });
    }

    void udpIsEstablishedWhenConnected_data() {
        QTest::addColumn<QByteArray>("local");
        QTest::addColumn<QByteArray>("remote");
        QTest::addColumn<bool>("lite");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1") << QByteArray("127.0.0.2") << false;
        QTest::newRow("IPv6") << QByteArray("::1") << QByteArray("::1") << false;
        QTest::newRow("wildcard") << QByteArray("0.0.0.0") << QByteArray("127.0.0.2") << false;
        QTest::newRow("mapped") << QByteArray("::") << QByteArray("::ffff:127.0.0.2") << false;
        QTest::newRow("UDP-Lite") << QByteArray("127.0.0.1") << QByteArray("127.0.0.2") << true;
    }
    void udpIsEstablishedWhenConnected() {
        QFETCH(QByteArray, local);
        QFETCH(QByteArray, remote);
        QFETCH(bool, lite);
        space_->run([&] {
            const int number = lite ? IPPROTO_UDPLITE : 0;
            const auto protocol = lite ? Protocol::UdpLite : Protocol::Udp;
            const auto udp = open_bound({local.constData(), 4000}, SOCK_DGRAM, number);
            check(read(), udp, protocol, SocketState::Close);
            connect_to(udp, {remote.constData(), 53});
            check(read(), udp, protocol, SocketState::Established);
        });
    }

    void rawSocketsAreListed() {
        space_->run([&] {
            const auto four = open_socket(AF_INET, SOCK_RAW, 253);
            const auto six = open_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
            connect_to(six, {"::1", 9}); // a port, or getpeername() tells nothing
            const auto table = read();
            check(table, four, Protocol::Raw, SocketState::Close);
            check(table, six, Protocol::Raw, SocketState::Established);
        });
    }

    void pingSocketsAreListed() {
        space_->sysctl("net/ipv4/ping_group_range", "0 0");
        space_->run([&] {
            const auto four = open_bound({"127.0.0.1", 77}, SOCK_DGRAM, IPPROTO_ICMP);
            const auto six = open_bound({"::1", 78}, SOCK_DGRAM, IPPROTO_ICMPV6);
            const auto table = read();
            check(table, four, Protocol::Icmp, SocketState::Close);
            check(table, six, Protocol::Icmp, SocketState::Close);
        });
    }

    void aSocketThatNobodyHoldsAnyMoreHasNoProcess() {
        space_->run([&] {
            Connection3 tcp("127.0.0.1", "127.0.0.1", 4000);
            const auto port = described(tcp.client.get(), Protocol::Tcp, SocketState::Established).local.port;
            tcp.client = UniqueFd(); // closes first, so TIME_WAIT is its
            tcp.accepted = UniqueFd();
            const auto table = read();
            const auto waiting =
                std::ranges::find_if(table, [&](const auto& s) { return s.local.port == port; });
            QVERIFY(waiting != table.end());
            QCOMPARE(waiting->process, ProcessId{});
            QCOMPARE(waiting->state, SocketState::TimeWait);
            QCOMPARE(waiting->inode, 0u);
        });
    }

    void everyDescriptorOfASocketIsARecord() {
        space_->run([&] {
            const auto udp = open_bound({"127.0.0.1", 4000}, SOCK_DGRAM);
            const UniqueFd second(checked(dup(udp.get()), "dup"));
            const auto found = holders_of(read(), inode_of(udp.get()));
            QCOMPARE(found.size(), 2u);
            QCOMPARE(found[0].fd + found[1].fd, static_cast<std::uint32_t>(udp.get() + second.get()));
        });
    }

    void changesAreFoundWithoutReadingEverythingAgain() {
        space_->run([&] {
            auto one = open_bound({"127.0.0.1", 4000}, SOCK_DGRAM);
            check(read(), one, Protocol::Udp, SocketState::Close);
            const auto two = open_bound({"127.0.0.1", 4001}, SOCK_DGRAM); // one descriptor more
            auto table = read();
            check(table, one, Protocol::Udp, SocketState::Close);
            check(table, two, Protocol::Udp, SocketState::Close);
            const int number = one.get();
            one = UniqueFd();
            const auto three = open_bound({"127.0.0.1", 4002}, SOCK_DGRAM); // one in place of another
            QCOMPARE(three.get(), number);
            table = read();
            check(table, two, Protocol::Udp, SocketState::Close);
            check(table, three, Protocol::Udp, SocketState::Close);
        });
    }

    void aChildThatInheritsASocketHoldsItToo() {
        space_->run([&] {
            const auto udp = open_bound({"127.0.0.1", 4000}, SOCK_DGRAM);
            const auto inode = inode_of(udp.get());
            QCOMPARE(holders_of(read(), inode).size(), 1u);
            Child child([] { pause(); });
            const auto found = holders_of(read(), inode);
            QCOMPARE(found.size(), 2u);
            QVERIFY(std::ranges::count(found, static_cast<std::uint32_t>(child.pid()),
                                       [](const auto& s) { return s.process.pid; }) == 1);
            child.kill();
            check(read(), udp, Protocol::Udp, SocketState::Close);
        });
    }

    void socketsOfOtherNamespacesAreListedWithTheirNamespace() {
        const Namespace other;
        const auto here = current_netns();
        other.run([&] {
            const auto udp = open_bound({"127.0.0.1", 4000}, SOCK_DGRAM);
            Child resident([] { pause(); }); // a namespace is found by a process that lives in it
            space_->run([&] {
                const auto found = holders_of(read(), inode_of(udp.get()));
                QCOMPARE(found.size(), 2u);
                QCOMPARE(found[0].netns, other.inum());
                QCOMPARE(current_netns(), space_->inum());
            });
        });
        QCOMPARE(current_netns(), here);
    }

    void anOrdinaryUserSeesHisOwnAndIsToldOfTheRest() {
        space_->run([&] {
            const auto roots = open_bound({"127.0.0.1", 4000}, SOCK_DGRAM);
            const auto inode = inode_of(roots.get());
            const auto [status, said] = Child::ask([&](Child::Say say) {
                close(roots.get()); // the parent still holds it
                checked(setgid(65534), "setgid");
                checked(setuid(65534), "setuid");
                checked(prctl(PR_SET_DUMPABLE, 1), "prctl"); // else its own /proc/self/fd is closed to it
                const auto own = open_bound({"127.0.0.1", 4001}, SOCK_DGRAM);
                SockDiagTable table;
                const auto sockets = table.read();
                if (!sockets) {
                    return say(sockets.error().message);
                }
                auto expected = described(own.get(), Protocol::Udp, SocketState::Close);
                expected.netns = space_->inum();
                expected.uid = 65534;
                const auto others = holders_of(*sockets, inode);
                say(holders_of(*sockets, expected.inode) == Table{expected} ? "own " : "not its own ");
                say(others.size() == 1 && others[0].process == ProcessId{} ? "alone; " : "and others; ");
                say(table.detail());
            });
            QCOMPARE(status, 0);
            QVERIFY2(said.starts_with("own alone; "), said.c_str());
            QVERIFY2(said.find("CAP_SYS_PTRACE") != std::string::npos, said.c_str());
        });
    }

private:
    Table read() {
        auto sockets = table_.read();
        if (!sockets) {
            throw std::runtime_error(sockets.error().message);
        }
        return *std::move(sockets);
    }

    void check(const Table& table, const UniqueFd& fd, Protocol protocol, SocketState state) {
        auto expected = described(fd.get(), protocol, state);
        expected.netns = space_->inum();
        const auto found = holders_of(table, expected.inode);
        QCOMPARE(found.size(), 1u);
        auto actual = found.front();
        if (protocol == Protocol::Icmp || (protocol == Protocol::Raw && actual.cookie == 0)) {
            expected.cookie = 0; // /proc/net has none, and not every kernel has INET_RAW_DIAG
        }
        if (actual.rtt_us != expected.rtt_us && expected.rtt_us != 0) {
            actual.rtt_us = expected.rtt_us; // a late acknowledgement may have changed it since
        }
        QCOMPARE(actual.local, expected.local);
        QCOMPARE(actual.remote, expected.remote);
        QCOMPARE(actual.process, expected.process);
        QCOMPARE(actual.tcp_rx_bytes, expected.tcp_rx_bytes);
        QCOMPARE(actual.tcp_tx_bytes, expected.tcp_tx_bytes);
        QVERIFY(actual == expected);
    }

    std::optional<Namespace> space_;
    SockDiagTable table_; // one for all: what it remembers must never be wrong
};

QTEST_GUILESS_MAIN(SockDiagTest)
#include "sock_diag_test.moc"
