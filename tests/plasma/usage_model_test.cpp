// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "appmodel.h"
#include "core/served.hpp"
#include "plasma/fake_feed.h"
#include "support/sample_snapshot.hpp"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// History as a table and as points of a chart, from a daemon.
class UsageModelTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    QString path_; // of each test another: a connection is kept, and that of the test before is lost
    std::unique_ptr<Served> served_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<UsageModel> model_;
    std::unique_ptr<QAbstractItemModelTester> tester_;

    static UsageRow row(std::chrono::seconds from, AppId app, std::int64_t rx, std::int64_t tx) {
        UsageRow made;
        made.window = {from, from + 60s};
        made.name = app.substr(app.find(':') + 1);
        made.app = std::move(app);
        made.rx_bytes = rx;
        made.tx_bytes = tx;
        return made;
    }

    void answer(std::vector<UsageRow> rows) {
        Usage usage;
        usage.window = {600s, 1200s};
        for (const UsageRow& row : rows) {
            usage.rx_bytes += row.rx_bytes;
            usage.tx_bytes += row.tx_bytes;
        }
        usage.rows = std::move(rows);
        served_->run([&](Service& service) { service.backend.usage_answer = usage; });
    }

    QString text(int row, const char* column) const {
        return model_->index(row, model_->column(QString::fromLatin1(column))).data().toString();
    }

private slots:
    void init() {
        path_ = dir_.filePath(QString::fromLatin1(QTest::currentTestFunction()));
        served_ = std::make_unique<Served>(path_.toStdString());
        ledger_ = std::make_unique<Ledger>();
        ledger_->setActive(false);
        ledger_->setSocket(path_);
        model_ = std::make_unique<UsageModel>();
        tester_ = std::make_unique<QAbstractItemModelTester>(model_.get());
        model_->setLedger(ledger_.get());
    }
    void cleanup() {
        tester_.reset();
        model_.reset();
        ledger_.reset();
        served_.reset();
    }

    void applicationsHaveTheirAmounts() {
        answer({row(600s, "exe:/usr/bin/curl", 5'000'000, 1000), row(600s, "unattributed", 60, 0)});
        model_->setGroup(UsageModel::App);
        model_->setBucket(0);
        QTRY_COMPARE_WITH_TIMEOUT(model_->rowCount(), 2, 20'000);
        QCOMPARE(text(0, "name"), u"/usr/bin/curl"_s);
        QCOMPARE(text(0, "rx"), u"5.0 MB"_s);
        QCOMPARE(text(1, "name"), u"Unattributed"_s);
        QCOMPARE(model_->rxBytes(), 5'000'060.0);
        QVERIFY(model_->rowOf("exe:/usr/bin/curl"));
        QVERIFY(!model_->rowOf("exe:/usr/bin/wget"));
    }

    void applicationsSayWhatTheyMovedToday() {
        const testing::FakeFeed feed(sample::snapshot());
        Ledger now;
        now.setRecording(feed.key().recording);
        AppModel apps;
        apps.setLedger(&now);
        const auto today = [&](const char* app) {
            for (int row = 0; row < apps.rowCount(); ++row) {
                if (apps.index(row, 0).data(LedgerModel::AppRole) == QLatin1StringView(app))
                    return apps.index(row, apps.column(u"today"_s)).data().toString();
            }
            return u"no such row"_s;
        };
        QTRY_COMPARE_WITH_TIMEOUT(today("exe:/usr/bin/curl"), u"–"_s, 20'000);
        UsageRow bound = row(600s, "unit:sshd.service", 7000, 0);
        bound.accuracy = Accuracy::Partial;
        answer({row(600s, "exe:/usr/bin/curl", 5'000'000, 1000), bound});
        model_->setGroup(UsageModel::App);
        model_->setBucket(0);
        model_->setToday(true);
        apps.setToday(model_.get());
        QTRY_COMPARE_WITH_TIMEOUT(today("exe:/usr/bin/curl"), u"5.0 MB"_s, 20'000);
        QCOMPARE(today("unit:sshd.service"), u"≥ 7.0 kB"_s);
        QCOMPARE(today("kernel"), u"–"_s);
        served_.reset();
        QTRY_COMPARE_WITH_TIMEOUT(today("exe:/usr/bin/curl"), u"–"_s, 20'000);
    }

    void aSumIsOnlyAsGoodAsItsWorstPart() {
        UsageRow bound = row(660s, {}, 7, 1);
        bound.accuracy = Accuracy::Partial;
        answer({bound, row(1140s, {}, 9, 2)});
        QTRY_COMPARE_WITH_TIMEOUT(model_->accuracy(), Ledger::Partial, 20'000);
        QCOMPARE(model_->rxBytes(), 16.0);
        answer({row(1140s, {}, 9, 2)});
        model_->setInterface(u"eth0"_s); // asks again
        QTRY_COMPARE_WITH_TIMEOUT(model_->accuracy(), Ledger::Exact, 20'000);
    }

    void aChartHasAPointForEachBucket() {
        answer({row(660s, {}, 7, 1), row(1140s, {}, 9, 2)});
        QTRY_COMPARE_WITH_TIMEOUT(model_->rowCount(), 10, 20'000);
        QList<double> points;
        for (int at = 0; at < model_->rowCount(); ++at)
            points << model_->index(at, 0).data(LedgerModel::RxRole).toDouble();
        QCOMPARE(points, (QList<double>{0, 7, 0, 0, 0, 0, 0, 0, 0, 9}));
    }

    void aLaterAnswerKeepsTheRows() {
        answer({row(660s, {}, 7, 1)});
        QTRY_COMPARE_WITH_TIMEOUT(model_->rowCount(), 10, 20'000);
        QSignalSpy reset(model_.get(), &QAbstractItemModel::modelReset);
        QSignalSpy changed(model_.get(), &QAbstractItemModel::dataChanged);
        answer({row(660s, {}, 8, 1)});
        model_->setInterface(u"eth0"_s); // asks again
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, 20'000);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(text(1, "rx"), u"8 B"_s);
    }

    void aRowForTheWholeWindowStaysWhileTheWindowMovesOn() {
        answer({row(600s, "exe:/usr/bin/curl", 5, 0)});
        model_->setGroup(UsageModel::App);
        model_->setBucket(0);
        QTRY_COMPARE_WITH_TIMEOUT(model_->rowCount(), 1, 20'000);
        const QPersistentModelIndex before = model_->index(0, 0);
        answer({row(603s, "exe:/usr/bin/curl", 8, 0)});
        model_->setSpan(60);
        QTRY_COMPARE_WITH_TIMEOUT(text(0, "rx"), u"8 B"_s, 20'000);
        QVERIFY(before.isValid());
    }

    void aBillingCycleIsAWindow() {
        model_->setCycleDay(17);
        std::optional<UsageQuery> asked;
        QTRY_VERIFY_WITH_TIMEOUT((served_->run([&](Service& service) { asked = service.backend.asked; }),
                                  asked && asked->window.to - asked->window.from != 1h),
                                 20'000);
        QCOMPARE(asked->window.from, this_cycle(17, asked->window.to).from);
        QVERIFY(asked->window.to <= std::chrono::seconds(QDateTime::currentSecsSinceEpoch() + 1));
    }

    void withoutADaemonItSaysWhy() {
        served_.reset();
        QSignalSpy answered(model_.get(), &UsageModel::answered);
        QVERIFY(answered.wait(20'000));
        QVERIFY(!model_->property("problem").toString().isEmpty());
        QCOMPARE(model_->rowCount(), 0);
    }

    void itComesBackWithTheDaemon() {
        served_.reset();
        QSignalSpy answered(model_.get(), &UsageModel::answered);
        QVERIFY(answered.wait(20'000));
        served_ = std::make_unique<Served>(path_.toStdString());
        answer({row(660s, {}, 7, 1)});
        model_->setSpan(60);
        QTRY_COMPARE_WITH_TIMEOUT(model_->rowCount(), 10, 20'000);
        QVERIFY(model_->property("problem").toString().isEmpty());
    }
};

QTEST_GUILESS_MAIN(UsageModelTest)
#include "usage_model_test.moc"
