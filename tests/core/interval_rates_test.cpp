// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/interval_rates.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

SnapshotPtr published(Snapshot snapshot) {
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

/// The sample some samples and ten seconds later, in which nothing has moved.
Snapshot later() {
    Snapshot snapshot = sample::snapshot();
    snapshot.sequence += 5;
    snapshot.time.boottime += 10s;
    return snapshot;
}

Snapshot rated(Snapshot now, const Snapshot& before = sample::snapshot()) {
    return *with_rates_since(published(std::move(now)), published(before));
}

void add(Traffic& traffic, std::uint64_t rx, std::uint64_t tx) {
    traffic.rx_bytes += rx;
    traffic.tx_bytes += tx;
}

} // namespace

class IntervalRatesTest : public QObject {
    Q_OBJECT

private slots:
    void withoutOneBeforeItStaysAsItIs() {
        const SnapshotPtr now = published(later());
        QCOMPARE(with_rates_since(now, nullptr), now);
    }

    void theNextSampleHasItsOwnRates() {
        Snapshot next = sample::snapshot();
        ++next.sequence;
        const SnapshotPtr now = published(next);
        QCOMPARE(with_rates_since(now, published(sample::snapshot())), now);
        QCOMPARE(with_rates_since(now, now), now);
    }

    void everyRateIsThatOfTheWholeInterval() {
        Snapshot now = later();
        add(now.total, 100, 10);
        add(now.interfaces[1].total, 200, 20);
        add(now.interfaces[1].apps, 300, 30);
        add(now.interfaces[1].kernel, 400, 40);
        add(now.interfaces[1].unattributed, 500, 50);
        add(now.apps[0].traffic, 600, 60);
        add(now.apps[0].loopback, 700, 70);
        add(now.apps[0].by_interface[sample::eth0], 800, 80);
        add(now.processes[0].traffic, 900, 90);
        add(now.processes[0].loopback, 1000, 100);
        add(now.connections[0].traffic, 1100, 110);
        const Snapshot made = rated(now);
        double expected = 0;
        const Interface& wired = made.interfaces[1];
        for (const Traffic* traffic :
             {&made.total, &wired.total, &wired.apps, &wired.kernel, &wired.unattributed,
              &made.apps[0].traffic, &made.apps[0].loopback, &made.apps[0].by_interface.at(sample::eth0),
              &made.processes[0].traffic, &made.processes[0].loopback, &made.connections[0].traffic}) {
            expected += 1;
            QCOMPARE(traffic->rx_rate, 10 * expected);
            QCOMPARE(traffic->tx_rate, expected);
        }
        QCOMPARE(made.interval, 10s);
        QCOMPARE(made.processes[1].traffic.rx_rate, 0.0);
    }

    void nothingElseChanges() {
        const Snapshot now = later();
        Snapshot made = rated(now);
        made.interval = now.interval;
        made.total = now.total;
        made.interfaces = now.interfaces;
        made.apps = now.apps;
        made.processes = now.processes;
        made.connections = now.connections;
        QVERIFY(made == now);
    }

    void aTotalThatFellHasNoRate() {
        Snapshot before = sample::snapshot();
        before.interfaces[1].total.rx_bytes += 1;
        const Snapshot made = rated(later(), before);
        QCOMPARE(made.interfaces[1].total.rx_rate, std::nullopt);
        QCOMPARE(made.interfaces[1].total.tx_rate, 0.0);
    }

    void anInterfaceOrAConnectionThatIsNewHasNoRate() {
        Snapshot before = sample::snapshot();
        before.interfaces.erase(before.interfaces.begin() + 1);
        before.connections.erase(before.connections.begin());
        const Snapshot made = rated(later(), before);
        QCOMPARE(made.interfaces[1].total.rx_rate, std::nullopt);
        QCOMPARE(made.connections[0].traffic.rx_rate, std::nullopt);
        QCOMPARE(made.interfaces[0].total.rx_rate, 0.0);
        QCOMPARE(made.connections[1].traffic.rx_rate, 0.0);
    }

    void anAppOrAProcessThatIsNewBeganAtZero() {
        Snapshot before = sample::snapshot();
        before.apps.erase(before.apps.begin());
        before.apps[0].by_interface.clear();
        before.processes.erase(before.processes.begin());
        const Snapshot now = later();
        const Snapshot made = rated(now, before);
        const auto all = [](const Traffic& traffic) { return static_cast<double>(traffic.rx_bytes) / 10; };
        QCOMPARE(made.apps[0].traffic.rx_rate, all(now.apps[0].traffic));
        QCOMPARE(made.apps[1].by_interface.at(sample::eth0).rx_rate, all(now.apps[1].traffic));
        QCOMPARE(made.apps[1].traffic.rx_rate, 0.0);
        QCOMPARE(made.processes[0].traffic.rx_rate, all(now.processes[0].traffic));
    }

    void whoIsNewAfterNobodyWasCountedHasNoRate() {
        Snapshot before = sample::snapshot();
        before.apps.clear();
        before.processes.clear();
        const Snapshot made = rated(later(), before);
        QCOMPARE(made.apps[0].traffic.rx_rate, std::nullopt);
        QCOMPARE(made.processes[0].traffic.rx_rate, std::nullopt);
    }

    void whatIsCountedInAnotherWayHasNoRate() {
        Snapshot before = sample::snapshot();
        before.connections[0].traffic.accuracy = Accuracy::Partial;
        Snapshot now = later();
        now.total.accuracy = Accuracy::Unavailable;
        before.total.accuracy = Accuracy::Unavailable;
        const Snapshot made = rated(now, before);
        QCOMPARE(made.connections[0].traffic.rx_rate, std::nullopt);
        QCOMPARE(made.total.rx_rate, std::nullopt);
    }

    void aClockThatWentBackGivesNoRate() {
        Snapshot now = later();
        now.time.boottime = 0s;
        QCOMPARE(rated(now).total.rx_rate, std::nullopt);
    }

    void rowsThatHaveGoneDoNotMatter() {
        Snapshot now = later();
        add(now.connections[4].traffic, 50, 0);
        now.connections[4].traffic.accuracy = Accuracy::Exact;
        Snapshot before = sample::snapshot();
        before.connections[4].traffic.accuracy = Accuracy::Exact;
        now.connections.erase(now.connections.begin(), now.connections.begin() + 4);
        now.apps.erase(now.apps.begin(), now.apps.begin() + 2);
        const Snapshot made = rated(now, before);
        QCOMPARE(made.connections[0].traffic.rx_rate, 5.0);
        QCOMPARE(made.apps[0].traffic.rx_rate, 0.0);
    }
};

QTEST_GUILESS_MAIN(IntervalRatesTest)
#include "interval_rates_test.moc"
