// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "format.h"
#include "netns/daemon_scene.hpp"
#include "plasma/desktop_session.hpp"
#include "support/require.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;

/// The widget in a real panel, with the real daemon and real traffic.
class SessionTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Scene> scene_;
    std::unique_ptr<DaemonProcess> daemon_;
    std::unique_ptr<DesktopSession> session_;

    static qsizetype cells(const QStringList& tree, const QString& text) {
        return tree.count(u"table cell\t%1\t"_s.arg(text));
    }

    static QString known(const std::map<std::string, Amount>& amounts) {
        QStringList apps;
        for (const auto& [app, amount] : amounts)
            apps << QString::fromStdString(app);
        return apps.join(u' ');
    }

    static bool names(const QStringList& tree, const QString& text) {
        return tree.indexOf(QRegularExpression(u".*"_s + QRegularExpression::escape(text) + u".*"_s)) >= 0;
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf");
        const QString missing = DesktopSession::missing();
        if (!missing.isEmpty() &&
            qEnvironmentVariable("SOCKLEDGER_REQUIRE").split(u',').contains(u"plasma"_s))
            QFAIL(qPrintable(missing));
        if (!missing.isEmpty())
            QSKIP(qPrintable(missing));
        scene_ = std::make_unique<Scene>();
        listen_where_daemons_do(scene_->path());
        daemon_ = scene_->daemon();
        session_ = std::make_unique<DesktopSession>();
    }

    void cleanupTestCase() {
        session_.reset();
        daemon_.reset();
        scene_.reset();
    }

    void thePanelHasTheWidget() {
        QVERIFY2(
            session_->wait_for([](const QStringList& tree) { return names(tree, u"Network activity"_s); }),
            qPrintable(session_->said()));
    }

    void thePopupShowsWhatTheDevicesCounted() {
        scene_->send("night-train", 300'000'000);
        scene_->send("day-train", 200'000'000);
        auto amounts = by_app(daemon_->client(), scene_->device());
        QCOMPARE(amounts[""], scene_->moved());
        const auto text = [&](const char* name) {
            const Amount amount = amounts[scene_->app(name)];
            return Format::bytes(double(amount.rx + amount.tx));
        };
        for (const char* name : {"night-train", "day-train"})
            QVERIFY2(amounts.contains(scene_->app(name)), qPrintable(known(amounts)));
        QVERIFY(session_->press(u"Network activity"_s));
        // Whatever else the machine does now is further down then
        QVERIFY(session_->wait_for([](const QStringList& tree) { return names(tree, u"header\tTotal"_s); }));
        QVERIFY(session_->press(u"Total"_s));
        // A row's cells are not in one place in the tree, but nothing else has moved as much as these two
        for (const char* name : {"night-train", "day-train"}) {
            const QString shown = QString::fromLatin1(name);
            QVERIFY2(session_->wait_for([&](const QStringList& tree) { return cells(tree, shown) > 0; }),
                     name);
            // Today, which is from history, and in total
            QVERIFY2(
                session_->wait_for([&](const QStringList& tree) { return cells(tree, text(name)) == 2; }),
                name);
        }
    }

    void theBannerComesAndGoesWithTheDaemon() {
        const auto warned = [](const QStringList& tree) { return names(tree, u"the daemon does not run"_s); };
        QVERIFY(!warned(session_->accessible()));
        daemon_->kill();
        QVERIFY(session_->wait_for(warned));
        daemon_ = scene_->daemon();
        QVERIFY(session_->wait_for([&](const QStringList& tree) { return !warned(tree); }));
        QVERIFY(session_->runs());
    }

    void theLogSaysNothingOfUs() {
        QStringList ours = session_->said().split(u'\n').filter(u"sockledger"_s);
        QVERIFY2(ours.isEmpty(), qPrintable(ours.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "session_test.moc"
