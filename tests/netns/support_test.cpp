// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/capture.hpp"
#include "support/netns.hpp"
#include "support/peer.hpp"
#include "support/require.hpp"

#include <QTest>

#include <optional>

using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

/// What a capture must have seen of this device between two readings.
#define COMPARE_CAPTURE(tally, before, after)                                                                \
    do {                                                                                                     \
        QVERIFY(tally.complete);                                                                             \
        QCOMPARE(tally.kernel_drops, 0u);                                                                    \
        QCOMPARE(tally.total(Direction::Rx).bytes, (after - before).rx_bytes);                               \
        QCOMPARE(tally.total(Direction::Rx).packets, (after - before).rx_packets);                           \
        QCOMPARE(tally.total(Direction::Tx).bytes, (after - before).tx_bytes);                               \
        QCOMPARE(tally.total(Direction::Tx).packets, (after - before).tx_packets);                           \
    } while (false)

constexpr std::uint16_t port = 7000;
constexpr std::uint64_t ethernet = 14, ipv4 = 20, tcp = 32 /* with timestamps */;

} // namespace

/// Tests of the tests' own tools: what they claim, the tests of the product stand on.
class SupportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns");
        link_.emplace(client_.emplace(), server_.emplace());
    }

    void cleanupTestCase() { link_.reset(); }

    void aNamespaceIsAnotherThanOurs() {
        QVERIFY(client_->inum() != server_->inum());
        QVERIFY_EXCEPTION_THROWN(read_counters(*client_, "veth9"), std::runtime_error);
    }

    void whatIsThrownInsideComesOut() {
        QVERIFY_EXCEPTION_THROWN(client_->run([] { throw std::out_of_range("inside"); }), std::out_of_range);
        QCOMPARE(client_->run([] { return 7; }), 7);
    }

    void aSettledLinkIsSilent() {
        const Namespace one;
        const Namespace two;
        const VethPair link(one, two, 1);
        const auto left = link.left().counters();
        const auto right = link.right().counters();
        // Longer than any timer of neighbour discovery or of group reports that is left at its default
        QVERIFY(link.wait_until_quiet(1500ms, 3000ms));
        QCOMPARE(link.left().counters(), left);
        QCOMPARE(link.right().counters(), right);
        QCOMPARE(left.rx_bytes, right.tx_bytes);
        QCOMPARE(left.tx_bytes, right.rx_bytes);
    }

    void offloadsDecideWhatOnePacketIs_data() {
        QTest::addColumn<bool>("on");
        QTest::newRow("off") << false;
        QTest::newRow("on") << true;
    }

    void offloadsDecideWhatOnePacketIs() {
        QFETCH(bool, on);
        link_->set_offloads(on ? Offloads::On : Offloads::Off);
        const auto before = link_->left().counters();
        Peer server(*server_, {"tcp-bulk", "server", "local=192.0.2.2", "bytes=2000000"});
        Peer client(*client_, {"tcp-bulk", "client", "peer=192.0.2.2", "bytes=2000000"});
        server.ready();
        client.ready();
        exchange(client, server);
        QVERIFY(link_->wait_until_quiet());
        const auto sent = link_->left().counters() - before;
        const auto segments = client.tcp_info().at("segs_out");
        if (on)
            QVERIFY(sent.tx_packets < segments / 2);
        else
            QCOMPARE(sent.tx_packets, segments);
        leave_together({&client, &server});
    }

    /// The three counts of the same traffic: the capture's, the device's, and the arithmetic of TCP.
    void aCaptureAddsUpToWhatTheDeviceCounts() {
        link_->set_offloads(Offloads::Off);
        Capture left(link_->left());
        Capture right(link_->right());
        const auto left_before = link_->left().counters();
        const auto right_before = link_->right().counters();

        constexpr std::uint64_t bytes = 3'000'000;
        Peer server(*server_, {"tcp-bulk", "server", "local=192.0.2.2", "bytes=3000000"});
        Peer client(*client_, {"tcp-bulk", "client", "peer=192.0.2.2", "bytes=3000000"});
        server.ready();
        client.ready();
        exchange(client, server);
        QVERIFY(link_->wait_until_quiet());
        const auto info = client.tcp_info();
        leave_together({&client, &server});
        QVERIFY(link_->wait_until_quiet());

        const PacketTally seen = left.tally();
        COMPARE_CAPTURE(seen, left_before, link_->left().counters());
        const PacketTally mirrored = right.tally();
        COMPARE_CAPTURE(mirrored, right_before, link_->right().counters());
        QCOMPARE(seen.total(Direction::Tx), mirrored.total(Direction::Rx));
        QCOMPARE(seen.total(Direction::Rx), mirrored.total(Direction::Tx));

        const PacketCount data = seen.of(Direction::Tx, PacketClass::TcpData, port);
        QCOMPARE(data.packets, info.at("data_segs_out"));
        QCOMPARE(data.bytes, bytes + info.at("bytes_retrans") + data.packets * (ethernet + ipv4 + tcp));
        QCOMPARE(seen.of(Direction::Tx, PacketClass::TcpSyn).packets, 1u);
        QCOMPARE(seen.of(Direction::Tx, PacketClass::TcpData, port + 1).packets, 0u);
        QCOMPARE(seen.of(Direction::Tx, PacketClass::TcpRst).packets, 0u);
    }

    void aCaptureTellsThePacketsThatHaveNoSocket() {
        const Namespace left;
        const Namespace right;
        const VethPair link(left, right, 1);
        Capture capture(link.left());
        // Nobody listens: a SYN and a RST. Nobody is bound: a datagram and an ICMP error. Nobody is there:
        // ARP
        QVERIFY_EXCEPTION_THROWN(Peer(left, {"tcp-bulk", "client", "peer=198.51.100.2", "early=1"}).ready(),
                                 std::runtime_error);
        for (const char* peer : {"peer=2001:db8:1::2", "peer=198.51.100.99"}) {
            Peer datagram(left, {"udp-connected", "client", peer, "count=1"});
            datagram.ready();
            datagram.go();
            datagram.finished();
        }
        QVERIFY(link.wait_until_quiet());

        const PacketTally seen = capture.tally();
        QCOMPARE(seen.of(Direction::Tx, PacketClass::TcpSyn, port), (PacketCount{1, 14 + 20 + 40}));
        QCOMPARE(seen.of(Direction::Rx, PacketClass::TcpRst, port), (PacketCount{1, 14 + 20 + 20}));
        QCOMPARE(seen.of(Direction::Tx, PacketClass::Udp), (PacketCount{1, 14 + 40 + 8 + 50}));
        QCOMPARE(seen.of(Direction::Rx, PacketClass::Icmpv6), (PacketCount{1, 14 + 40 + 8 + 40 + 8 + 50}));
        QVERIFY(seen.of(Direction::Tx, PacketClass::Arp).packets >= 1);
    }

    void aPeerThatFailsIsNoticed() {
        Peer peer(*client_, {"no-such-mode", "client"});
        QVERIFY_EXCEPTION_THROWN(peer.ready(), std::runtime_error);
        QCOMPARE(peer.wait(), 1);
    }

private:
    std::optional<Namespace> client_;
    std::optional<Namespace> server_;
    std::optional<VethPair> link_;
};

QTEST_GUILESS_MAIN(SupportTest)
#include "support_test.moc"
