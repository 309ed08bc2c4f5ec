// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/capture.hpp"
#include "support/require.hpp"
#include "support/scenario.hpp"

#include <QTest>

#include <optional>

using namespace sockledger::test;

/// Every kind of traffic delivers what it sends, and each process knows its share.
class ScenarioTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns");
        link_.emplace(client_.emplace(), server_.emplace());
        link_->set_offloads(Offloads::Off);
    }

    void whatIsSentIsReceived_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < scenarios_.size(); ++i)
            QTest::newRow(scenarios_[i].name.c_str()) << static_cast<int>(i);
    }

    void whatIsSentIsReceived() {
        QFETCH(int, index);
        const Scenario& scenario = scenarios_[static_cast<std::size_t>(index)];
        if (!scenario.needs.empty())
            SOCKLEDGER_NEEDS(QString::fromStdString(scenario.needs));

        QVERIFY(link_->wait_until_quiet());
        Capture capture(link_->left());
        const DeviceCounters before = link_->left().counters();
        ScenarioRun run(scenario, link_->left(), link_->right());
        run.play();
        QCOMPARE(run.difference(), std::string());
        QVERIFY(run.client_report().process(run.client().pid()));
        QVERIFY(!run.server() || run.server_report().process(run.server()->pid()));
        run.leave();

        QVERIFY(link_->wait_until_quiet());
        const DeviceCounters moved = link_->left().counters() - before;
        const PacketTally seen = capture.tally();
        QVERIFY(seen.complete);
        QCOMPARE(seen.kernel_drops, 0u);
        QCOMPARE(seen.total(Direction::Tx).bytes, moved.tx_bytes);
        QCOMPARE(seen.total(Direction::Tx).packets, moved.tx_packets);
        QCOMPARE(seen.total(Direction::Rx).bytes, moved.rx_bytes);
        QCOMPARE(seen.total(Direction::Rx).packets, moved.rx_packets);
        // Whoever closes in order leaves no packet to a kernel without a socket
        for (const PacketClass kind :
             {PacketClass::TcpRst, PacketClass::Arp, PacketClass::NeighbourDiscovery}) {
            QCOMPARE(seen.of(Direction::Tx, kind).packets, 0u);
            QCOMPARE(seen.of(Direction::Rx, kind).packets, 0u);
        }
    }

private:
    const std::vector<Scenario> scenarios_ = all_scenarios();
    std::optional<Namespace> client_;
    std::optional<Namespace> server_;
    std::optional<VethPair> link_;
};

QTEST_GUILESS_MAIN(ScenarioTest)
#include "scenario_test.moc"
