// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/served.hpp"
#include "stall_watch.h"

#include <KPackage/Package>
#include <KPackage/PackageLoader>
#include <Plasma/Applet>
#include <Plasma/Containment>
#include <Plasma/Corona>
#include <PlasmaQuick/AppletQuickItem>

#include <QQuickItem>
#include <QQuickWindow>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <stdexcept>

using namespace Qt::StringLiterals;

namespace {

class TestCorona : public Plasma::Corona {
    Q_OBJECT
public:
    using Plasma::Corona::Corona;
    QRect screenGeometry(int) const override { return {0, 0, 1024, 768}; }
    int screenForContainment(const Plasma::Containment*) const override { return 0; }
};

QStringList said;

void listen(QtMsgType type, const QMessageLogContext&, const QString& text) {
    if (type != QtDebugMsg && type != QtInfoMsg)
        said << text;
    std::fprintf(stderr, "%s\n", qPrintable(text));
}

/// In functions that a test calls; Qt Test reports the exception as a failure.
void demand(bool holds, const QString& otherwise) {
    if (!holds)
        throw std::runtime_error(otherwise.toStdString());
}

} // namespace

/// The widget as plasmashell loads it, in this process, over a recording.
class AppletTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestCorona> corona_;
    std::unique_ptr<QQuickWindow> window_;
    Plasma::Applet* applet_ = nullptr;
    PlasmaQuick::AppletQuickItem* item_ = nullptr;

    QQuickItem* compact(const char* name) const {
        return item_->compactRepresentationItem()->findChild<QQuickItem*>(QString::fromLatin1(name));
    }
    QQuickItem* full(const char* name) const {
        return item_->fullRepresentationItem()->findChild<QQuickItem*>(QString::fromLatin1(name));
    }

    void play(const char* ledger) {
        QObject* const found = item_->findChild<QObject*>(QString::fromLatin1(ledger));
        demand(found, u"there is no "_s + QString::fromLatin1(ledger));
        found->setProperty("interval", 500);
        found->setProperty("recording", QString::fromLatin1(SOCKLEDGER_FIXTURES "/netdata/machine.jsonl"));
    }

    void load(Plasma::Types::FormFactor form, QSize size) {
        corona_ = std::make_unique<TestCorona>();
        corona_->setKPackage(
            KPackage::PackageLoader::self()->loadPackage(u"Plasma/Shell"_s, u"org.kde.plasma.desktop"_s));
        Plasma::Containment* const containment = corona_->createContainment(u"null"_s);
        demand(containment, u"no containment"_s);
        containment->setFormFactor(form);
        Plasma::Applet* const applet = containment->createApplet(u"org.sockledger.applet"_s);
        demand(applet, u"no applet"_s);
        demand(!applet->failedToLaunch(), applet->launchErrorMessage());
        applet_ = applet;
        item_ = PlasmaQuick::AppletQuickItem::itemForApplet(applet);
        demand(item_, u"no item"_s);
        window_ = std::make_unique<QQuickWindow>();
        window_->resize(1024, 768);
        item_->setParentItem(window_->contentItem());
        item_->setSize(size);
        window_->show();
        demand(QTest::qWaitForWindowExposed(window_.get()), u"no window"_s);
        demand(QTest::qWaitFor([this] { return item_->compactRepresentationItem() != nullptr; }),
               u"it does not load"_s);
        play("panelLedger");
    }

    void configure(const char* name, const QVariant& value) {
        QObject* const configuration = applet_->property("configuration").value<QObject*>();
        demand(configuration && configuration->setProperty(name, value), u"no configuration"_s);
    }

    void open() {
        play("popupLedger");
        item_->setExpanded(true);
        demand(QTest::qWaitFor([this] { return item_->fullRepresentationItem() != nullptr; }), u"no popup"_s);
    }

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        qInstallMessageHandler(listen);
    }
    void cleanup() {
        window_.reset();
        corona_.reset();
        const QStringList ours = said.filter(u"sockledger"_s);
        said.clear();
        QVERIFY2(ours.isEmpty(), qPrintable(ours.join(u'\n')));
    }

    void thePanelShowsBothRates() {
        load(Plasma::Types::Horizontal, {240, 44});
        QTRY_VERIFY(compact("download")->property("text").toString().endsWith(u"B/s"_s));
        QVERIFY(compact("download")->property("text").toString().startsWith(u"↓ "_s));
        QVERIFY(compact("upload")->property("text").toString().startsWith(u"↑ "_s));
        QVERIFY(!compact("notExact")->isVisible());
    }

    void itIsAsWideForEveryNumber() {
        load(Plasma::Types::Horizontal, {240, 44});
        const auto width = [&] {
            return item_->compactRepresentationItem()->property("lineWidth").toDouble();
        };
        QTRY_VERIFY(compact("download")->property("text").toString().endsWith(u"B/s"_s));
        const double before = width();
        QVERIFY(before > 0);
        QVERIFY(compact("download")->property("contentWidth").toDouble() <= before);
        QCOMPARE(width(), before);
    }

    void aVerticalPanelShowsWhatItHasRoomFor() {
        load(Plasma::Types::Vertical, {200, 60});
        const auto text = [&] { return compact("download")->property("text").toString(); };
        QTRY_VERIFY(text().endsWith(u"B/s"_s));
        // The unit goes first, then the arrow, and never the size of the font
        for (const QString& form : {u"^↓ [0-9.]+ .?B/s$"_s, u"^↓ [0-9.]+[kM]?$"_s, u"^[0-9.]+[kM]?$"_s}) {
            QVERIFY2(QRegularExpression(form).match(text()).hasMatch(), qPrintable(text()));
            QVERIFY(compact("download")->isVisible());
            QVERIFY(!compact("graph")->isVisible());
            QVERIFY(compact("download")->property("contentWidth").toDouble() <= item_->width());
            item_->setWidth(item_->compactRepresentationItem()->property("lineWidth").toDouble() - 1);
        }
        QVERIFY(!compact("download")->isVisible());
        QVERIFY(compact("graph")->isVisible());
    }

    void aHighPanelHasBothRatesOneAboveTheOther() {
        load(Plasma::Types::Horizontal, {240, 44});
        QTRY_VERIFY(compact("upload")->y() > compact("download")->y());
        item_->setSize({240, 20});
        QTRY_COMPARE(compact("upload")->y(), compact("download")->y());
    }

    void aClickOpensThePopup() {
        load(Plasma::Types::Horizontal, {240, 44});
        QTest::mouseClick(window_.get(), Qt::LeftButton, {}, QPoint(40, 20));
        QTRY_VERIFY(item_->isExpanded());
        QTRY_VERIFY(item_->fullRepresentationItem());
    }

    void thePopupListsApplications() {
        load(Plasma::Types::Horizontal, {240, 44});
        open();
        QTRY_VERIFY(full("applications"));
        QTRY_VERIFY(full("applications")->property("rows").toInt() > 1);
        full("search")->setProperty("text", u"no such application"_s);
        QTRY_COMPARE(full("applications")->property("rows").toInt(), 0);
    }

    void thePanelShowsAGraphToo() {
        load(Plasma::Types::Horizontal, {240, 44});
        QTRY_VERIFY(compact("download")->property("text").toString().endsWith(u"B/s"_s));
        QVERIFY(!compact("graph")->isVisible());
        const double before = item_->compactRepresentationItem()->property("ratesWidth").toDouble();
        configure("panel", 2);
        QTRY_VERIFY(compact("live") || compact("graph")->isVisible());
        QVERIFY(compact("download")->isVisible());
        QCOMPARE(item_->compactRepresentationItem()->property("ratesWidth").toDouble(), before);
        configure("panel", 1);
        QTRY_VERIFY(!compact("download")->isVisible());
        QVERIFY(compact("graph")->isVisible());
        QTRY_VERIFY(compact("graph")->width() > 0);
    }

    void theLiveGraphOpensTheConnectionsBehindIt() {
        load(Plasma::Types::Horizontal, {240, 44});
        open();
        QTRY_VERIFY(full("applications")->property("rows").toInt() > 1);
        QVERIFY(QMetaObject::invokeMethod(full("applications"), "select", Q_ARG(int, 0)));
        const QString app = full("applications")->property("currentApp").toString();
        QVERIFY(!app.isEmpty());
        QCOMPARE(full("live")->property("app").toString(), app);
        QVERIFY(QMetaObject::invokeMethod(full("live"), "activated"));
        QCOMPARE(full("tabs")->property("currentIndex").toInt(), 1);
        QVERIFY(full("connections")->property("all").toBool());
        QCOMPARE(full("connections")->property("app").toString(), app);
        QCOMPARE(full("live")->property("app").toString(), app);
        full("tabs")->setProperty("currentIndex", 0);
        QVERIFY(QMetaObject::invokeMethod(full("live"), "allAsked"));
        QCOMPARE(full("live")->property("app").toString(), QString());
    }

    // Whose absence the popup sees while it is open
    void theDaemonComesAndGoesWithoutAFreeze() {
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"socket"_s);
        auto served = std::make_unique<sockledger::test::Served>(path.toStdString());
        load(Plasma::Types::Horizontal, {240, 44});
        open();
        for (const char* name : {"panelLedger", "popupLedger"}) {
            QObject* const ledger = item_->findChild<QObject*>(QString::fromLatin1(name));
            ledger->setProperty("recording", QString());
            ledger->setProperty("socket", path);
        }
        const auto warned = [&] { return full("banner")->isVisible(); };
        QTRY_VERIFY(full("applications") && full("applications")->property("rows").toInt() > 1);
        QTRY_VERIFY_WITH_TIMEOUT(!warned(), 20'000);
        sockledger::testing::StallWatch watch;
        served.reset();
        watch.longest(); // that this thread has just ended the daemon is not the widget's
        QTRY_VERIFY_WITH_TIMEOUT(warned(), 20'000);
        const auto going = watch.longest();
        served = std::make_unique<sockledger::test::Served>(path.toStdString());
        watch.longest();
        QTRY_VERIFY_WITH_TIMEOUT(!warned(), 20'000);
        const double longest = sockledger::testing::milliseconds(std::max(going, watch.longest()));
        qInfo("the longest freeze was %.1f ms", longest);
        // A person notices 100. This is a build for debugging, maybe beside others; who waits for a daemon
        // waits for seconds
        QVERIFY(longest < 300);
    }

    void closedItAsksForNothing() {
        load(Plasma::Types::Horizontal, {240, 44});
        open();
        QObject* const ledger = item_->findChild<QObject*>(u"popupLedger"_s);
        QTRY_VERIFY(ledger->property("active").toBool());
        item_->setExpanded(false);
        QTRY_VERIFY(!ledger->property("active").toBool());
    }
};

QTEST_MAIN(AppletTest)
#include "applet_test.moc"
