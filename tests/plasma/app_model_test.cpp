// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "appmodel.h"
#include "orderedmodel.h"
#include "plasma/ledger_fixture.hpp"
#include "processmodel.h"

#include <QAbstractItemModelTester>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;

/// Applications with their processes, in order.
class AppModelTest : public QObject {
    Q_OBJECT

    std::unique_ptr<LedgerFixture> fixture_;

private slots:
    void init() { fixture_ = std::make_unique<LedgerFixture>(); }
    void cleanup() { fixture_.reset(); }

    void anApplicationOpensIntoItsProcesses() {
        AppModel model;
        const QAbstractItemModelTester tester(&model);
        model.setLedger(fixture_->ledger());
        fixture_->show(sample::snapshot());
        const QStringList closed = keys(model);
        model.expand(u"desktop:org.mozilla.firefox"_s, true);
        QCOMPARE(keys(model), closed + QStringList({u"2001:5000"_s, u"2044:5100"_s}));
        QCOMPARE(text(model, u"2001:5000"_s, u"name"_s), u"firefox (2001)"_s);
        QCOMPARE(text(model, u"2001:5000"_s, u"rx"_s), u"12.0 MB/s"_s);
        QCOMPARE(text(model, u"2001:5000"_s, u"total"_s), u"930.0 kB"_s);
        QCOMPARE(model.index(model.rowCount() - 1, 0).data(LedgerModel::LevelRole).toInt(), 1);

        Snapshot without = sample::snapshot();
        std::erase_if(without.processes, [](const Process& p) { return p.id == sample::firefox_socket; });
        fixture_->show(without);
        QCOMPARE(keys(model), closed + QStringList({u"2001:5000"_s}));
        model.expand(u"desktop:org.mozilla.firefox"_s, false);
        QCOMPARE(keys(model), closed);
    }

    void onlyWhoHasProcessesCanBeOpened() {
        AppModel model;
        model.setLedger(fixture_->ledger());
        fixture_->show(sample::snapshot());
        QStringList expandable;
        for (int row = 0; row < model.rowCount(); ++row) {
            const QModelIndex index = model.index(row, 0);
            if (index.data(LedgerModel::ExpandableRole).toBool())
                expandable << index.data(LedgerModel::KeyRole).toString();
        }
        QCOMPARE(expandable,
                 QStringList({u"desktop:org.mozilla.firefox"_s, u"exe:/tmp/odd"_s, u"unit:sshd.service"_s}));
    }

    void aBarIsAPartOfWhatTheBusiestMoves() {
        AppModel model;
        model.setLedger(fixture_->ledger());
        fixture_->show(sample::snapshot());
        QCOMPARE(text(model, u"desktop:org.mozilla.firefox"_s, u"share"_s), u"100 %"_s);
        QCOMPARE(text(model, u"unit:sshd.service"_s, u"share"_s), u"3 %"_s);
        const QModelIndex sshd = model.index(int(keys(model).indexOf(u"unit:sshd.service"_s)), 0);
        QCOMPARE(sshd.data(LedgerModel::RxShareRole).toDouble(), 399'000 / 12'300'000.0);
        QCOMPARE(sshd.data(LedgerModel::TxShareRole).toDouble(), 9'900 / 12'300'000.0);
    }

    void aShareOfALowerBoundIsAnEstimate() {
        AppModel model;
        model.setLedger(fixture_->ledger());
        Snapshot next = sample::snapshot();
        const auto accuracy = [&](const char* id) -> Accuracy& {
            return std::ranges::find(next.apps, id, &App::id)->traffic.accuracy;
        };
        accuracy("unit:sshd.service") = Accuracy::Partial;
        fixture_->show(next);
        QCOMPARE(text(model, u"desktop:org.mozilla.firefox"_s, u"share"_s), u"100 %"_s);
        QCOMPARE(text(model, u"unit:sshd.service"_s, u"share"_s), u"≈ 3 %"_s);
        accuracy("unit:sshd.service") = Accuracy::Exact;
        accuracy("desktop:org.mozilla.firefox") = Accuracy::Partial; // the busiest
        fixture_->show(next);
        QCOMPARE(text(model, u"unit:sshd.service"_s, u"share"_s), u"≈ 3 %"_s);
    }

    void processesStayBelowTheirApplication_data() {
        QTest::addColumn<QString>("column");
        QTest::addColumn<bool>("descending");
        QTest::addColumn<QStringList>("order");
        const QString firefox = u"desktop:org.mozilla.firefox"_s, sshd = u"unit:sshd.service"_s;
        const QString curl = u"exe:/usr/bin/curl"_s, odd = u"exe:/tmp/odd"_s, kernel = u"kernel"_s;
        const QString busy = u"2001:5000"_s, calm = u"2044:5100"_s, daemon = u"812:900"_s;
        QTest::newRow("most downloaded")
            << u"rx"_s << true << QStringList{firefox, busy, calm, sshd, daemon, kernel, odd, curl};
        QTest::newRow("least downloaded")
            << u"rx"_s << false << QStringList{curl, odd, kernel, sshd, daemon, firefox, calm, busy};
        QTest::newRow("largest total")
            << u"total"_s << true << QStringList{firefox, busy, calm, curl, kernel, sshd, daemon, odd};
        QTest::newRow("by name") << u"name"_s << false
                                 << QStringList{curl, firefox, busy, calm, kernel, sshd, daemon, odd};
    }

    void processesStayBelowTheirApplication() {
        QFETCH(QString, column);
        QFETCH(bool, descending);
        QFETCH(QStringList, order);
        AppModel model;
        model.setLedger(fixture_->ledger());
        model.expand(u"desktop:org.mozilla.firefox"_s, true);
        model.expand(u"unit:sshd.service"_s, true);
        OrderedModel ordered;
        const QAbstractItemModelTester tester(&ordered);
        ordered.setSourceModel(&model);
        ordered.setSortBy(column);
        ordered.setDescending(descending);
        fixture_->show(sample::snapshot());
        QCOMPARE(keys(ordered), order);
    }

    void theOrderFollowsTheRatesUnlessItShallBeStill() {
        AppModel model;
        model.setLedger(fixture_->ledger());
        OrderedModel ordered;
        ordered.setSourceModel(&model);
        ordered.setSortBy(u"rx"_s);
        fixture_->show(sample::snapshot());
        QCOMPARE(keys(ordered).first(), u"desktop:org.mozilla.firefox"_s);
        QSignalSpy moved(&ordered, &QAbstractItemModel::layoutChanged);
        Snapshot next = sample::snapshot();
        std::ranges::find(next.apps, "unit:sshd.service", &App::id)->traffic.rx_rate = 1e9;
        ordered.setStill(true);
        fixture_->show(next);
        QCOMPARE(keys(ordered).first(), u"desktop:org.mozilla.firefox"_s);
        QCOMPARE(moved.count(), 0);
        ordered.setStill(false);
        QCOMPARE(keys(ordered).first(), u"unit:sshd.service"_s);
        QCOMPARE(moved.count(), 1);
        std::ranges::find(next.apps, "kernel", &App::id)->traffic.rx_rate =
            1001; // changes nothing in the order
        fixture_->show(next);
        QCOMPARE(moved.count(), 1);
    }

    void anApplicationIsFoundByItsProcesses() {
        AppModel model;
        model.setLedger(fixture_->ledger());
        model.expand(u"desktop:org.mozilla.firefox"_s, true);
        OrderedModel ordered;
        ordered.setSourceModel(&model);
        ordered.setSortBy(u"rx"_s);
        fixture_->show(sample::snapshot());
        ordered.setFilter(u"2044"_s);
        QCOMPARE(keys(ordered), QStringList({u"desktop:org.mozilla.firefox"_s, u"2044:5100"_s}));
        ordered.setFilter(u"443"_s); // a port of the other one
        QCOMPARE(keys(ordered), QStringList({u"desktop:org.mozilla.firefox"_s, u"2001:5000"_s}));
        ordered.setFilter(u"FIREFOX"_s);
        QCOMPARE(keys(ordered),
                 QStringList({u"desktop:org.mozilla.firefox"_s, u"2001:5000"_s, u"2044:5100"_s}));
        ordered.setFilter({});
        QCOMPARE(ordered.rowCount(), model.rowCount());
    }

    void aProcessIsFoundByItsPorts() {
        ProcessModel model;
        model.setLedger(fixture_->ledger());
        OrderedModel ordered;
        ordered.setSourceModel(&model);
        ordered.setFilter(u"8080"_s);
        fixture_->show(sample::snapshot());
        QCOMPARE(keys(ordered), QStringList{u"812:900"_s});
    }
};

QTEST_GUILESS_MAIN(AppModelTest)
#include "app_model_test.moc"
