// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "livemodel.h"
#include "plasma/ledger_fixture.hpp"

#include <QAbstractItemModelTester>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;

/// The rates of the last minutes.
class LiveModelTest : public QObject {
    Q_OBJECT

    std::unique_ptr<LedgerFixture> fixture_;

private slots:
    void init() { fixture_ = std::make_unique<LedgerFixture>(); }
    void cleanup() { fixture_.reset(); }

    void theLastMinutesAreKeptOfEachApplicationAndInterface() {
        LiveModel live;
        const QAbstractItemModelTester tester(&live);
        live.setLedger(fixture_->ledger());
        fixture_->show(sample::snapshot());
        Snapshot next = sample::snapshot();
        next.total.rx_rate = 5;
        std::ranges::find(next.apps, "desktop:org.mozilla.firefox", &App::id)->traffic.rx_rate = 7;
        next.interfaces[1].total.tx_rate = 9;
        fixture_->show(next);
        const auto points = [&](int role) {
            QList<double> all;
            for (int row = 0; row < live.rowCount(); ++row)
                all << live.index(row, 0).data(role).toDouble();
            return all;
        };
        QCOMPARE(points(LedgerModel::RxRole), (QList<double>{5, 12'400'000}));
        live.setApp(u"desktop:org.mozilla.firefox"_s);
        QCOMPARE(points(LedgerModel::RxRole), (QList<double>{7, 12'000'000}));
        QCOMPARE(live.rxRate(), 7.0);
        live.setApp(u"exe:/never/seen"_s);
        QCOMPARE(points(LedgerModel::RxRole), (QList<double>{0, 0}));
        live.setApp({});
        live.setInterface(u"1000:2"_s);
        QCOMPARE(points(LedgerModel::TxRole), (QList<double>{9, 310'000}));
    }

    void itSaysHowWellItsRatesAreKnown() {
        LiveModel live;
        live.setLedger(fixture_->ledger());
        Snapshot seen = sample::unprivileged();
        seen.total.accuracy = Accuracy::Exact;
        fixture_->show(seen);
        QCOMPARE(live.accuracy(), Ledger::Exact); // the interfaces count
        live.setApp(u"desktop:org.mozilla.firefox"_s);
        QCOMPARE(live.accuracy(), Ledger::Partial);
        QCOMPARE(live.index(0, 0).data().toString(), u"≥ 12.0 MB/s"_s);
        live.setApp(u"exe:/never/seen"_s);
        QCOMPARE(live.accuracy(), Ledger::Partial);
    }

    void theLastMinutesAreNoMoreThanThat() {
        LiveModel live;
        const QAbstractItemModelTester tester(&live);
        live.setProperty("span", 9);
        live.setLedger(fixture_->ledger());
        QCOMPARE(live.limit(), 3);
        for (int sample = 0; sample < 5; ++sample)
            fixture_->show(sample::snapshot());
        QCOMPARE(live.rowCount(), 3);
    }

    void aPauseHidesWhatComesUntilItEnds() {
        LiveModel live;
        const QAbstractItemModelTester tester(&live);
        live.setProperty("span", 9);
        live.setLedger(fixture_->ledger());
        fixture_->show(sample::snapshot());
        live.setPaused(true);
        Snapshot next = sample::snapshot();
        for (int sample = 1; sample <= 4; ++sample) {
            next.total.rx_rate = sample;
            fixture_->show(next);
        }
        QCOMPARE(live.rowCount(), 1);
        QCOMPARE(live.rxRate(), 12'400'000.0);
        live.setPaused(false);
        QCOMPARE(live.rowCount(), 3);
        QCOMPARE(live.rxRate(), 4.0);
        QCOMPARE(live.index(2, 0).data(LedgerModel::RxRole).toDouble(), 2.0);
    }
};

QTEST_GUILESS_MAIN(LiveModelTest)
#include "live_model_test.moc"
