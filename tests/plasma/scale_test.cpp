// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "appmodel.h"
#include "connectionmodel.h"
#include "fake_feed.h"
#include "format.h"
#include "interfacemodel.h"
#include "livemodel.h"
#include "orderedmodel.h"
#include "processmodel.h"
#include "stall_watch.h"
#include "support/sample_snapshot.hpp"
#include "usagemodel.h"

#include <KLocalizedQmlContext>

#include <QAbstractProxyModel>
#include <QDir>
#include <QQmlComponent>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <malloc.h>

using namespace sockledger;
using namespace sockledger::testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int crowd = 5000;

Snapshot crowded() {
    Snapshot made = sample::snapshot();
    const Connection one = made.connections[0];
    made.connections.clear();
    for (std::uint64_t cookie = 1; cookie <= crowd; ++cookie) {
        made.connections.push_back(one);
        made.connections.back().id.cookie = cookie;
        made.connections.back().traffic.rx_rate = double(cookie);
    }
    return made;
}

/// Every second one moves at another rate than before, ten come and ten go.
void move_on(Snapshot& snapshot, int round) {
    for (std::size_t at = 0; at < snapshot.connections.size(); at += 2)
        snapshot.connections[at].traffic.rx_rate = double((at + 1) * 7919 * std::size_t(round) % 104'729);
    const Connection one = snapshot.connections[0];
    snapshot.connections.erase(snapshot.connections.begin(), snapshot.connections.begin() + 10);
    for (int i = 0; i < 10; ++i) {
        const std::uint64_t last = snapshot.connections.back().id.cookie;
        snapshot.connections.push_back(one);
        snapshot.connections.back().id.cookie = last + 1;
    }
}

/// What the event loop was kept from turning.
class Took {
public:
    void add(std::chrono::nanoseconds time) { times_.push_back(milliseconds(time)); }
    QString text() {
        std::ranges::sort(times_);
        return u"median %1 ms, at most %2 ms"_s.arg(times_[times_.size() / 2], 0, 'f', 1)
            .arg(times_.back(), 0, 'f', 1);
    }

private:
    std::vector<double> times_;
};

/// The QML module with the classes of this program, so that it can have a FakeFeed.
void make_module(const QString& directory) {
    QDir module(directory);
    module.mkpath(u"org/sockledger"_s);
    module.cd(u"org/sockledger"_s);
    QFile list(module.filePath(u"qmldir"_s));
    QVERIFY(list.open(QFile::WriteOnly));
    list.write("module org.sockledger\n");
    const QDir sources(QStringLiteral(SOCKLEDGER_QML));
    for (const QString& file : sources.entryList({u"*.qml"_s})) {
        QVERIFY(QFile::link(sources.filePath(file), module.filePath(file)));
        list.write(qPrintable(file.chopped(4) + u" 1.0 "_s + file + u'\n'));
    }
    qmlRegisterTypesAndRevisions<Ledger, LedgerModel, LiveModel, OrderedModel, AppModel, ConnectionModel,
                                 InterfaceModel, ProcessModel, UsageModel, Format>("org.sockledger", 1);
}

} // namespace

/// A machine of many connections, and a widget that is open for long.
class ScaleTest : public QObject {
    Q_OBJECT

    QTemporaryDir modules_;
    std::unique_ptr<QQmlEngine> engine_;
    std::unique_ptr<FakeFeed> feed_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<QQuickWindow> window_;
    std::unique_ptr<QObject> view_;

    QQuickItem* table(const char* name) const {
        QObject* const found = view_->findChild<QObject*>(QString::fromLatin1(name));
        return found ? found->findChild<QQuickItem*>(u"table"_s) : nullptr;
    }
    QAbstractProxyModel* proxy(const char* name) const {
        return table(name)->property("model").value<QAbstractProxyModel*>();
    }

    void show(const char* type) {
        QQmlComponent component(engine_.get());
        component.setData("import QtQuick\nimport org.sockledger\n" + QByteArray(type) +
                              " { width: 900; height: 500 }",
                          {});
        view_.reset(
            component.createWithInitialProperties({{u"ledger"_s, QVariant::fromValue(ledger_.get())}}));
        QVERIFY2(view_, qPrintable(component.errorString()));
        qobject_cast<QQuickItem*>(view_.get())->setParentItem(window_->contentItem());
    }

    /// The next sample, as the feed's timer would bring it.
    void sample(const Snapshot& snapshot) {
        feed_->set(snapshot);
        QSignalSpy sampled(ledger_.get(), &Ledger::sampled);
        ledger_->setActive(false);
        ledger_->setActive(true);
        QVERIFY(sampled.count() > 0 || sampled.wait(20'000));
    }

    void draw() {
        QSignalSpy drawn(window_.get(), &QQuickWindow::frameSwapped);
        window_->update();
        QVERIFY(drawn.wait(20'000));
    }

private slots:
    void initTestCase() { make_module(modules_.path()); }
    void init() {
        engine_ = std::make_unique<QQmlEngine>();
        engine_->rootContext()->setContextObject(new KLocalizedQmlContext(engine_.get()));
        engine_->addImportPath(modules_.path());
        feed_ = std::make_unique<FakeFeed>(crowded());
        ledger_ = std::make_unique<Ledger>();
        ledger_->setActive(false);
        ledger_->setDetailed(true);
        ledger_->setInterval(60'000);
        ledger_->setRecording(feed_->key().recording);
        window_ = std::make_unique<QQuickWindow>();
        window_->resize(900, 500);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    }
    void cleanup() {
        view_.reset();
        window_.reset();
        ledger_.reset();
        feed_.reset();
        engine_.reset();
    }

    void fiveThousandConnectionsScroll() {
        show("ConnectionsView");
        view_->setProperty("pid", sample::firefox.pid);
        sample(crowded());
        QQuickItem* const rows = table("connections");
        QTRY_COMPARE(rows->property("rows").toInt(), crowd);
        draw();
        const auto cells = [&] {
            return rows->property("contentItem").value<QQuickItem*>()->childItems().size();
        };
        const auto at_first = cells();
        QVERIFY(at_first > 0);
        const double end = rows->property("contentHeight").toDouble() - rows->height();
        QVERIFY(end > 10 * rows->height());
        StallWatch watch;
        Took took;
        for (int frame = 1; frame <= 200; ++frame) {
            rows->setProperty("contentY", end * frame / 200);
            draw();
            took.add(watch.longest());
        }
        qInfo("a frame of scrolling: %s; %lld cells", qPrintable(took.text()), qint64(cells()));
        // As many as are in sight, and their like to be used again
        QVERIFY2(cells() < 3 * at_first, qPrintable(QString::number(cells())));
    }

    void anUpdateOfFiveThousandTakesNoMoreThanOneOrder() {
        show("ConnectionsView");
        view_->setProperty("pid", sample::firefox.pid);
        Snapshot now = crowded();
        sample(now);
        QTRY_COMPARE(table("connections")->property("rows").toInt(), crowd);
        draw();
        QAbstractProxyModel* const sorted = proxy("connections");
        QSignalSpy reset(sorted, &QAbstractItemModel::modelReset);
        QSignalSpy ordered(sorted, &QAbstractItemModel::layoutChanged);
        StallWatch watch;
        Took took;
        constexpr int rounds = 20;
        for (int round = 1; round <= rounds; ++round) {
            move_on(now, round);
            watch.longest();
            sample(now);
            draw();
            took.add(watch.longest());
        }
        qInfo("an update of all %d rows: %s; %.1f orders", crowd, qPrintable(took.text()),
              double(ordered.count()) / rounds);
        QCOMPARE(reset.count(), 0);
        QVERIFY(ordered.count() >= rounds);
        QVERIFY2(ordered.count() <= 4 * rounds, qPrintable(QString::number(ordered.count())));
    }

    void tenThousandUpdatesLeaveNothingBehind() {
        show("ConnectionsView");
        std::vector<Snapshot> snapshots{sample::snapshot(), sample::snapshot(), sample::unprivileged()};
        snapshots[1].connections.erase(snapshots[1].connections.begin());
        snapshots[1].processes.erase(snapshots[1].processes.begin());
        snapshots[1].apps.erase(snapshots[1].apps.begin());
        for (auto& connection : snapshots[2].connections)
            connection.traffic.rx_rate = connection.traffic.rx_rate.value_or(0) + 1;
        AppModel apps;
        ConnectionModel connections;
        InterfaceModel interfaces;
        for (LedgerModel* model : std::initializer_list<LedgerModel*>{&apps, &connections, &interfaces})
            model->setLedger(ledger_.get());
        const auto run = [&](int rounds) {
            for (int round = 0; round < rounds; ++round)
                sample(snapshots[std::size_t(round) % snapshots.size()]);
            sample(snapshots[0]);
            draw();
            draw();
        };
        const auto heap = [] { return qint64(mallinfo2().uordblks); };
        const auto objects = [&] { return window_->findChildren<QObject*>().size(); };
        run(1000);
        const qint64 before = heap();
        const auto objects_before = objects();
        run(10'000);
        const qint64 grown = heap() - before;
        qInfo("10,000 updates: the heap grew by %lld bytes", grown);
        QCOMPARE(objects(), objects_before);
        // Less than 50 bytes for each update, the size of no QObject. Runs differ by 20 each way
        QVERIFY2(grown < 500'000, qPrintable(QString::number(grown)));
    }
};

QTEST_MAIN(ScaleTest)
#include "scale_test.moc"
