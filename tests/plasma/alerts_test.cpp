// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alertnotifier.h"
#include "core/served.hpp"
#include "ruleset.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;

/// The notifications of a desktop, on a bus and a thread of its own.
class NotificationServer : public QDBusVirtualObject {
    Q_OBJECT
public:
    explicit NotificationServer(const QString& address) {
        moveToThread(&thread_);
        thread_.start();
        QMetaObject::invokeMethod(
            this,
            [this, address] {
                QDBusConnection bus = QDBusConnection::connectToBus(address, u"notifications"_s);
                bus.registerVirtualObject(u"/org/freedesktop/Notifications"_s, this);
                bus.registerService(u"org.freedesktop.Notifications"_s);
            },
            Qt::BlockingQueuedConnection);
    }
    ~NotificationServer() override {
        thread_.quit();
        thread_.wait();
        QDBusConnection::disconnectFromBus(u"notifications"_s);
    }

    bool handleMessage(const QDBusMessage& message, const QDBusConnection& bus) override {
        QVariantList answer;
        if (message.member() == "GetCapabilities"_L1)
            answer = {QStringList{u"body"_s, u"actions"_s}};
        else if (message.member() == "GetServerInformation"_L1)
            answer = {u"test"_s, u"sockledger"_s, u"1"_s, u"1.2"_s};
        else if (message.member() == "Notify"_L1)
            answer = {++number_};
        bus.send(message.createReply(answer));
        // One that takes the place of another is no new one
        if (message.member() == "Notify"_L1 && message.arguments().at(1).toUInt() == 0)
            Q_EMIT shown(message.arguments().at(3).toString(), message.arguments().at(4).toString());
        else if (message.member() == "CloseNotification"_L1)
            Q_EMIT closed();
        return true;
    }
    QString introspect(const QString&) const override { return {}; }

Q_SIGNALS:
    void shown(const QString& title, const QString& text);
    void closed();

private:
    QThread thread_;
    uint number_ = 0;
};

/// Rules of the daemon in the settings, and its alerts on the desktop.
class AlertsTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    QString path_ = dir_.filePath(u"socket"_s);

    QProcess bus_;
    std::unique_ptr<NotificationServer> server_;

    static Alert steam() {
        Alert alert;
        alert.number = 5;
        alert.rule = "steam";
        alert.kind = Rule::Subject::App;
        alert.subject = "exe:/usr/bin/steam";
        alert.name = "Steam";
        alert.text = "Steam has moved 2 GB <today>";
        return alert;
    }

private slots:
    void initTestCase() {
        bus_.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
        QVERIFY(bus_.waitForReadyRead());
        const QByteArray address = bus_.readLine().trimmed();
        qputenv("DBUS_SESSION_BUS_ADDRESS", address);
        server_ = std::make_unique<NotificationServer>(QString::fromUtf8(address));
    }
    void cleanupTestCase() {
        server_.reset();
        bus_.terminate();
        bus_.waitForFinished();
    }

    void aRuleIsAddedShownReplacedAndRemoved() {
        Served served(path_.toStdString());
        RuleSet rules;
        rules.setProperty("socket", path_);
        QSignalSpy changed(&rules, &RuleSet::changed);
        int changes = 0; // each answer is one
        rules.add(u"Steam"_s, 2e9, RuleSet::Day);
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), changes + 1, 20'000);
        ++changes;
        QCOMPARE(rules.property("problem").toString(), QString());
        served.run([](Service& service) {
            QCOMPARE(service.backend.rule_list.size(), std::size_t(1));
            const Rule& rule = service.backend.rule_list.front();
            QCOMPARE(rule.target, "Steam");
            QCOMPARE(rule.threshold, 2'000'000'000u);
            QVERIFY(rule.measure == Rule::Measure::Day && rule.subject == Rule::Subject::App);
        });
        const auto shown = [&] { return rules.property("rules").toList(); };
        QCOMPARE(shown().size(), 1);
        QCOMPARE(shown().at(0).toMap().value(u"text"_s).toString(), u"Steam: 2.0 GB in a day"_s);
        QCOMPARE(shown().at(0).toMap().value(u"amount"_s).toString(), u"2.0 GB in a day"_s);
        QCOMPARE(shown().at(0).toMap().value(u"subject"_s).toString(), u"app"_s);
        QCOMPARE(shown().at(0).toMap().value(u"target"_s).toString(), u"Steam"_s);
        rules.add(u"Steam"_s, 3e9, RuleSet::Day); // replaces it: it is called the same
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), changes + 1, 20'000);
        ++changes;
        QCOMPARE(shown().at(1).toMap().value(u"id"_s), shown().at(0).toMap().value(u"id"_s));
        rules.add({}, 5e9, RuleSet::Cycle, 17);
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), changes + 1, 20'000);
        ++changes;
        QCOMPARE(shown().size(), 3);
        rules.remove(shown().at(0).toMap().value(u"id"_s).toString());
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), changes + 1, 20'000);
        ++changes;
        QCOMPARE(shown().size(), 1);
    }

    void whatTheDaemonRefusesIsSaid() {
        RuleSet rules;
        rules.setProperty("socket", dir_.filePath(u"nobody"_s));
        QSignalSpy changed(&rules, &RuleSet::changed);
        int changes = 0; // each answer is one
        rules.refresh();
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), changes + 1, 20'000);
        ++changes;
        QVERIFY(rules.property("problem").toString().contains(u"nobody"_s));
    }

    void anAlertIsShownOnceAndTakenAwayWhenItIsCleared() {
        QSignalSpy shown(server_.get(), &NotificationServer::shown);
        QSignalSpy closed(server_.get(), &NotificationServer::closed);
        Served served(path_.toStdString());
        Alert alert = steam();
        served.run([&](Service& service) { service.backend.alert_list = {alert}; });
        AlertNotifier one;
        AlertNotifier two;
        for (AlertNotifier* notifier : {&one, &two}) {
            notifier->setSocket(path_);
            notifier->setActive(true);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), 20'000);
        QCOMPARE(shown.at(0).at(0).toString(), u"Steam"_s);
        QCOMPARE(shown.at(0).at(1).toString(), u"Steam has moved 2 GB <today>"_s);
        alert.active = false;
        alert.cleared = std::chrono::seconds(9);
        served.run([&](Service& service) { service.server.publish(alert); });
        QTRY_VERIFY_WITH_TIMEOUT(!closed.isEmpty(), 20'000);
        QCOMPARE(shown.count(), 1);
    }

    void whatWasClearedWhileTheDaemonWasAwayIsTakenAway() {
        QSignalSpy shown(server_.get(), &NotificationServer::shown);
        QSignalSpy closed(server_.get(), &NotificationServer::closed);
        auto served = std::make_unique<Served>(path_.toStdString());
        served->run([&](Service& service) { service.backend.alert_list = {steam()}; });
        AlertNotifier notifier;
        notifier.setSocket(path_);
        notifier.setActive(true);
        QTRY_COMPARE_WITH_TIMEOUT(shown.count(), 1, 20'000);
        served.reset();
        served = std::make_unique<Served>(path_.toStdString());
        Alert other = steam();
        other.rule = "other";
        other.kind = Rule::Subject::Total;
        served->run([&](Service& service) { service.backend.alert_list = {other}; });
        QTRY_COMPARE_WITH_TIMEOUT(shown.count(), 2, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, 20'000);
    }
};

QTEST_MAIN(AlertsTest)
#include "alerts_test.moc"
