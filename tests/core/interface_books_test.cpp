// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t eth = 2;
constexpr std::uint32_t veth = 3;
constexpr InterfaceId eth_id{own_netns, eth};
constexpr InterfaceId veth_id{own_netns, veth};

// total = apps + kernel + unattributed, in all four counters
bool books_close(const Interface& interface) {
    const auto sum = [&](std::uint64_t Traffic::*counter) {
        return interface.apps.*counter + interface.kernel.*counter + interface.unattributed.*counter;
    };
    return interface.total.rx_bytes == sum(&Traffic::rx_bytes) &&
           interface.total.tx_bytes == sum(&Traffic::tx_bytes) &&
           interface.total.rx_packets == sum(&Traffic::rx_packets) &&
           interface.total.tx_packets == sum(&Traffic::tx_packets);
}

} // namespace

class InterfaceBooksTest : public QObject {
    Q_OBJECT

private slots:
    void totalsStartAtZeroWithTheFirstReading() {
        Script script;
        script.link(eth, "").stats = {5000000000, 7000, 900, 100, 1, 2, 3, 4};
        const SnapshotPtr first = script.sample();
        QCOMPARE(first->sequence, 1u);
        QCOMPARE(first->interval, 0ns);
        const Interface* interface = first->interface(eth_id);
        QVERIFY(interface);
        QCOMPARE(interface->total.rx_bytes, 0u);
        QCOMPARE(interface->total.rx_rate, std::nullopt);
        QCOMPARE(interface->total.accuracy, Accuracy::Exact);
        QCOMPARE(interface->rx_errors, 1u);
        QCOMPARE(interface->tx_dropped, 4u);

        script.device_receives(eth, 10, 86);
        const SnapshotPtr second = script.sample(2s);
        QCOMPARE(second->interface(eth_id)->total.rx_bytes, 1000u);
        QCOMPARE(second->interface(eth_id)->total.rx_packets, 10u);
        QCOMPARE(second->interface(eth_id)->total.rx_rate, 500.0);
        QCOMPARE(second->interface(eth_id)->total.tx_rate, 0.0);
    }

    void theBooksCloseInWireBytes() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.receive(100, eth, 10, 1500);
        script.receive(0, eth, 3, 40);
        script.device_receives(eth, 2, 28); // ARP and the like: no socket
        const SnapshotPtr snapshot = script.sample();
        const Interface& interface = *snapshot->interface(eth_id);
        QCOMPARE(interface.apps.rx_bytes, 10u * 1514);
        QCOMPARE(interface.kernel.rx_bytes, 3u * 54);
        QCOMPARE(interface.unattributed.rx_bytes, 2u * 42);
        QCOMPARE(interface.unattributed.rx_packets, 2u);
        QVERIFY(books_close(interface));
        QCOMPARE(interface.apps.rx_rate, 15140.0);
    }

    void whatWasCountedBeforeTheFirstReadingIsOnBothSides() {
        Script script;
        script.link(eth, "").stats.rx_bytes = 123456;
        script.row(100, eth).rx_bytes = 1000; // between opening the source and the first sample
        script.row(100, eth).rx_packets = 10;
        const SnapshotPtr first = script.sample();
        QCOMPARE(first->interface(eth_id)->total.rx_bytes, 1140u);
        QVERIFY(books_close(*first->interface(eth_id)));
        script.receive(100, eth, 1, 86);
        QVERIFY(books_close(*script.sample()->interface(eth_id)));
    }

    void packetsOnTheirWayAreNotUnattributedForGood() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.sample();
        script.device_receives(eth, 4, 1500); // the socket meets them after the sample
        QCOMPARE(script.sample()->interface(eth_id)->unattributed.rx_bytes, 0u);
        script.row(100, eth).rx_bytes += 6000;
        script.row(100, eth).rx_packets += 4;
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(eth_id)->unattributed.rx_bytes, 0u);
        QVERIFY(books_close(*snapshot->interface(eth_id)));
    }

    void aRemainderThatStaysIsUnattributed() {
        Script script;
        script.link(eth, "");
        script.sample();
        script.sample();
        script.device_receives(eth, 4, 1500); // forwarded
        QCOMPARE(script.sample()->interface(eth_id)->unattributed.rx_bytes, 0u);
        QCOMPARE(script.sample()->interface(eth_id)->unattributed.rx_bytes, 4u * 1514);
    }

    void aDeviceThatCountsSegmentsIsTakenAtItsWord() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.sample();
        for (int i = 0; i < 4; ++i) {
            // 44 segments of 1448 bytes came as one: the device counted 44 frames
            script.receive(100, eth, 44, 1500);
            script.row(100, eth).rx_gso_bytes += 43 * 52;
            script.row(100, eth).rx_gso_packets += 43;
            const SnapshotPtr snapshot = script.sample();
            QCOMPARE(snapshot->interface(eth_id)->total.rx_packets, (i + 1) * 44u);
            QVERIFY(books_close(*snapshot->interface(eth_id)));
        }
    }

    void aDeviceThatCountsSuperPacketsGetsTheHeadersOfTheirSegments() {
        Script script;
        script.link(veth);
        script.process(100, "/usr/bin/curl");
        script.sample();
        double rate = 0;
        for (int i = 0; i < 4; ++i) {
            TrafficCounters& row = script.row(100, veth);
            row.tx_bytes += 44 * 1500;
            row.tx_packets += 44;
            row.tx_gso_bytes += 43 * 52;
            row.tx_gso_packets += 43;
            script.link(veth).stats.tx_bytes += 44 * 1448 + 52 + 14;
            script.link(veth).stats.tx_packets += 1;
            const SnapshotPtr snapshot = script.sample();
            QCOMPARE(snapshot->interface(veth_id)->total.tx_bytes, (i + 1) * 44u * 1514);
            QVERIFY(books_close(*snapshot->interface(veth_id)));
            rate = snapshot->interface(veth_id)->total.tx_rate.value_or(-1);
        }
        QCOMPARE(rate, 44.0 * 1514);
    }

    void aFewSegmentsInFlightAreNoProof() {
        Script script;
        script.link(eth, "");
        script.sample();
        TrafficCounters& row = script.row(100, eth);
        row.tx_bytes = 2 * 1500; // one packet of two segments waits in the queue of the device
        row.tx_packets = 2;
        row.tx_gso_bytes = 52;
        row.tx_gso_packets = 1;
        script.sample();
        script.link(eth).stats.tx_bytes = 2 * 1514;
        script.link(eth).stats.tx_packets = 2;
        script.sample();
        row.tx_bytes += 1000 * 1500;
        row.tx_packets += 1000;
        row.tx_gso_bytes += 500 * 52;
        row.tx_gso_packets += 500;
        script.link(eth).stats.tx_bytes += 1000 * 1514;
        script.link(eth).stats.tx_packets += 1000;
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(eth_id)->total.tx_bytes, 1002u * 1514);
        QVERIFY(books_close(*snapshot->interface(eth_id)));
    }

    void rowsCountTheLinkHeaderWhereTheDeviceDoes() {
        Script script;
        script.link(veth, "bridge"); // counts what it receives after the header was taken off
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.row(100, veth) = {.rx_bytes = 1000, .tx_bytes = 2000, .rx_packets = 10, .tx_packets = 20};
        script.link(veth).stats = {1000, 2000 + 20 * 14, 10, 20};
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(veth_id)->apps.rx_bytes, 1000u);
        QCOMPARE(snapshot->interface(veth_id)->apps.tx_bytes, 2280u);
        QVERIFY(books_close(*snapshot->interface(veth_id)));
    }

    void counterResetAddsNothingAndGivesNoRate() {
        Script script;
        script.link(eth, "").stats = {3900000000, 1000, 3000000, 10};
        script.sample();
        script.device_receives(eth, 10, 86);
        script.sample();
        script.link(eth).stats = {500, 20, 5, 1}; // the driver was reset
        const SnapshotPtr reset = script.sample();
        QCOMPARE(reset->interface(eth_id)->total.rx_bytes, 1000u); // no phantom 4 GB
        QCOMPARE(reset->interface(eth_id)->total.rx_rate, std::nullopt);
        QCOMPARE(reset->total.rx_rate, std::nullopt);
        script.device_receives(eth, 10, 86);
        const SnapshotPtr after = script.sample();
        QCOMPARE(after->interface(eth_id)->total.rx_bytes, 2000u);
        QCOMPARE(after->interface(eth_id)->total.rx_rate, 1000.0);
    }

    void theRowsKnowWhatAResetLost() {
        Script script;
        script.link(eth, "").stats.rx_bytes = 1000;
        script.link(eth).stats.rx_packets = 10;
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.receive(100, eth, 20, 1500);
        script.link(eth).stats = {};
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(eth_id)->total.rx_bytes, 20u * 1514);
        QVERIFY(books_close(*snapshot->interface(eth_id)));
    }

    void aCounterOf32BitsRunsOver() {
        Script script;
        script.link(eth, "").stats = {0xfffff000, 0, 1000000, 0};
        script.sample();
        script.link(eth).stats = {0x1000, 0, 1000010, 0};
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(eth_id)->total.rx_bytes, 0x2000u);
        QCOMPARE(snapshot->interface(eth_id)->total.rx_rate, 8192.0);
    }

    void aDeviceThatWasMadeAfterTheStartCountsFromItsBirth() {
        Script script;
        script.link(eth, "");
        script.sample();
        script.link(veth).stats.rx_bytes = 700;
        script.link(veth).stats.rx_packets = 7;
        QCOMPARE(script.sample()->interface(veth_id)->total.rx_bytes, 700u);
    }

    void hardwareThatShowsUpLaterDoesNotBringItsPast() {
        Script script;
        script.sample();
        script.link(eth, "").stats.rx_bytes = 5000000000; // back from a container
        QCOMPARE(script.sample()->interface(eth_id)->total.rx_bytes, 0u);
        script.link(eth).stats.rx_bytes += 100;
        QCOMPARE(script.sample()->interface(eth_id)->total.rx_bytes, 100u);
    }

    void anotherDeviceUnderTheSameIndexCountsFromItsBirth() {
        Script script;
        script.link(veth).stats.rx_bytes = 900;
        script.link(veth).stats.rx_packets = 9;
        script.sample();
        script.device_receives(veth, 10, 86);
        script.sample();
        script.link(veth).born = 77;
        script.link(veth).stats = {300, 0, 3, 0};
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(veth_id)->total.rx_bytes, 1300u); // no fall, no phantom
        QCOMPARE(snapshot->interface(veth_id)->total.rx_rate, std::nullopt);
    }

    void aDeviceThatCarriesOnCountingIsTheSameDevice() {
        Script script;
        script.link(veth).stats.rx_bytes = 5000000000;
        script.sample();
        script.link(veth).born = 77;
        script.link(veth).stats.rx_bytes += 100;
        QCOMPARE(script.sample()->interface(veth_id)->total.rx_bytes, 100u);
    }

    void aRenamedDeviceKeepsItsBooks() {
        Script script;
        script.link(veth);
        script.sample();
        script.device_receives(veth, 1, 86);
        script.sample();
        script.link(veth).name = "uplink";
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(veth_id)->name, "uplink");
        QCOMPARE(snapshot->interface(veth_id)->total.rx_bytes, 100u);
    }

    void aDeviceThatIsMissingFromOneReadingCarriesOn() {
        Script script;
        script.link(veth);
        script.sample();
        script.device_receives(veth, 1, 86);
        script.sample();
        const auto links = std::exchange(script.readings.links.links, {});
        const SnapshotPtr gone = script.sample();
        QVERIFY(gone->interfaces.empty());
        script.readings.links.links = links;
        script.device_receives(veth, 1, 86);
        const SnapshotPtr back = script.sample();
        QCOMPARE(back->interface(veth_id)->total.rx_bytes, 200u);
        QCOMPARE(back->interface(veth_id)->total.rx_rate, std::nullopt); // of two intervals
    }

    void withoutLinksTheTotalIsUnavailableAndNotZero() {
        Script script;
        script.link(eth, "").default_route = true;
        script.sample();
        script.device_receives(eth, 1, 86);
        script.sample();
        script.source("links").accuracy = Accuracy::Unavailable;
        script.readings.links = {};
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->total.accuracy, Accuracy::Unavailable);
        QCOMPARE(snapshot->total.rx_rate, std::nullopt);
        QCOMPARE(snapshot->total.rx_bytes, 100u); // totals never fall
        QCOMPARE(snapshot->netns, own_netns);
    }

    void withoutPacketCounterAndSocketTableNobodyKnowsWhoMovedTheBytes() {
        Script script;
        script.source("traffic").accuracy = Accuracy::Unavailable;
        script.source("sockets").accuracy = Accuracy::Unavailable;
        script.read_sockets = false;
        script.link(eth, "");
        script.sample();
        script.device_receives(eth, 1, 86);
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interface(eth_id)->total.accuracy, Accuracy::Exact);
        QCOMPARE(snapshot->interface(eth_id)->apps.accuracy, Accuracy::Unavailable);
        QCOMPARE(snapshot->interface(eth_id)->kernel.accuracy, Accuracy::Unavailable);
        QCOMPARE(snapshot->interface(eth_id)->unattributed.accuracy, Accuracy::Unavailable);
    }

    void lostEventsMakeTheSplitPartial() {
        Script script;
        script.source("traffic").lost_bytes = 1;
        script.link(eth, "");
        QCOMPARE(script.sample()->interface(eth_id)->apps.accuracy, Accuracy::Partial);
        QCOMPARE(script.sample()->interface(eth_id)->total.accuracy, Accuracy::Exact);
    }

    void aThousandInterfacesStaySorted() {
        Script script;
        for (std::uint32_t ifindex = 1200; ifindex >= 2; --ifindex) {
            script.link(ifindex);
        }
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->interfaces.size(), 1199u);
        QVERIFY(std::ranges::is_sorted(snapshot->interfaces, {}, &Interface::id));
    }
};

QTEST_GUILESS_MAIN(InterfaceBooksTest)
#include "interface_books_test.moc"
