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
