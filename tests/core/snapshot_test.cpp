// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/snapshot.hpp>

#include <QTest>

using namespace sockledger;

class SnapshotTest : public QObject {
    Q_OBJECT

private slots:
    void aSumIsAsGoodAsItsWorstTerm() {
        QCOMPARE(worst(Accuracy::Exact, Accuracy::Partial), Accuracy::Partial);
        QCOMPARE(worst(Accuracy::Unavailable, Accuracy::Exact), Accuracy::Unavailable);
    }

    void endpointsAreWrittenAsPeopleReadThem() {
        const auto ipv6 = [](std::array<std::uint8_t, 16> address, std::uint16_t port) {
            return to_string(Endpoint{address, port, true});
        };
        QCOMPARE(to_string(Endpoint{{192, 0, 2, 1}, 443, false}), "192.0.2.1:443");
        QCOMPARE(to_string(Endpoint{{192, 0, 2, 1}, 0, false}), "192.0.2.1:*");
        QCOMPARE(to_string(Endpoint{}), "*:*");
        QCOMPARE(ipv6({}, 53), "*:53");
        QCOMPARE(ipv6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 443),
                 "[2001:db8::1]:443");
        // RFC 5952: the longest run of zeros is cut, a single zero group is not
        QCOMPARE(ipv6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 1),
                 "[2001:db8:0:1:1:1:1:1]:1");
        QCOMPARE(ipv6({0x20, 0x01, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xab}, 1), "[2001:0:0:1::ab]:1");
    }

    void lookupFindsWhatIsThereAndNothingElse() {
        Snapshot snapshot;
        for (std::uint32_t ifindex : {1u, 2u, 7u}) {
            Interface interface;
            interface.id = {10, ifindex};
            snapshot.interfaces.push_back(interface);
        }
        QCOMPARE(snapshot.interface({10, 2}), &snapshot.interfaces[1]);
        QVERIFY(!snapshot.interface({10, 3}));
        QVERIFY(!snapshot.interface({11, 2}));
    }
};

QTEST_GUILESS_MAIN(SnapshotTest)
#include "snapshot_test.moc"
