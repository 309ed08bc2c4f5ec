// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/netns.hpp"
#include "support/require.hpp"

#include <QTest>

#include <fstream>
#include <optional>

using namespace sockledger::test;
using namespace std::chrono_literals;

/// Tests of the tests' own tools: what they claim, the tests of the product stand on.
class SupportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns"); }

    void aNamespaceIsAnotherThanOurs() {
        const Namespace one;
        const Namespace two;
        QVERIFY(one.inum() != two.inum());
        QVERIFY_EXCEPTION_THROWN(read_counters(one, "veth0"), std::runtime_error);
    }

    void whatIsThrownInsideComesOut() {
        const Namespace space;
        QVERIFY_EXCEPTION_THROWN(space.run([] { throw std::out_of_range("inside"); }), std::out_of_range);
        QCOMPARE(space.run([] { return 7; }), 7);
    }

    void aSettledLinkIsSilent() {
        const Namespace one;
        const Namespace two;
        const VethPair link(one, two);
        const auto left = link.left().counters();
        const auto right = link.right().counters();
        // Longer than any timer of neighbour discovery or of group reports that is left at its default
        QVERIFY(link.wait_until_quiet(1500ms, 1600ms));
        QCOMPARE(link.left().counters(), left);
        QCOMPARE(link.right().counters(), right);
        QCOMPARE(left.rx_bytes, right.tx_bytes);
        QCOMPARE(left.tx_bytes, right.rx_bytes);
    }
};

QTEST_GUILESS_MAIN(SupportTest)
#include "support_test.moc"
