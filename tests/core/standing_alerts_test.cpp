// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/standing_alerts.hpp>

#include <QTest>

using Alerts = sockledger::StandingAlerts<std::string>;

/// What a host has told people of.
class StandingAlertsTest : public QObject {
    Q_OBJECT

    static void tell(Alerts& alerts, const char* rule, const char* subject, const char* text) {
        const auto told = alerts.raised(rule, subject);
        QVERIFY(told);
        *told = text;
    }

private slots:
    void nothingIsToldTwice() {
        Alerts alerts;
        tell(alerts, "a", "eth0", "first");
        tell(alerts, "b", "eth0", "second");
        tell(alerts, "a", "eth1", "third");
        QVERIFY(!alerts.raised("a", "eth0"));
        QVERIFY(!alerts.cleared("c", "eth0"));
        alerts.begin_stream();
        QVERIFY(!alerts.raised("a", "eth0"));
    }

    void whatIsOverIsWhatWasTold() {
        Alerts alerts;
        tell(alerts, "a", "eth0", "first");
        QCOMPARE(alerts.cleared("a", "eth0"), std::optional<std::string>("first"));
        QVERIFY(!alerts.cleared("a", "eth0"));
        tell(alerts, "a", "eth0", "again");
    }

    void whatWasClearedWhileNobodyListenedIsOver() {
        Alerts alerts;
        tell(alerts, "a", "eth0", "first");
        tell(alerts, "b", "eth0", "second");
        QVERIFY(alerts.end_of_active().empty());
        alerts.begin_stream();
        QVERIFY(!alerts.raised("b", "eth0"));
        QCOMPARE(alerts.end_of_active(), std::vector<std::string>{"first"});
        QVERIFY(alerts.end_of_active().empty());
        QCOMPARE(alerts.cleared("b", "eth0"), std::optional<std::string>("second"));
    }
};

QTEST_APPLESS_MAIN(StandingAlertsTest)
#include "standing_alerts_test.moc"
