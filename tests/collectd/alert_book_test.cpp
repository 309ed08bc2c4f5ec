// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alert_book.hpp"
#include "handles.hpp"

#include <QTest>

#include <cstring>

using namespace sockledger::collectd;

namespace {

sockledger_alert alert(const char* rule, const char* subject, const char* name, bool active) {
    auto made = sized<sockledger_alert>();
    made.rule = rule;
    made.subject = subject;
    made.name = name;
    made.text = "more than 5 MB/s";
    made.active = active ? 1 : 0;
    made.kind = made.subject[0] == '\0'          ? SOCKLEDGER_SUBJECT_TOTAL
                : std::strchr(made.subject, ':') ? SOCKLEDGER_SUBJECT_APP
                                                 : SOCKLEDGER_SUBJECT_INTERFACE;
    return made;
}

} // namespace

class CollectdAlertBookTest : public QObject {
    Q_OBJECT

private slots:
    void anAlertIsRaisedAndCleared() {
        AlertBook book;
        const std::string instance = "firefox 2";
        const auto raised = book.take(alert("fast", "desktop:firefox", "firefox", true), &instance);
        QVERIFY(raised);
        QCOMPARE(raised->severity, Severity::Warning);
        QCOMPARE(raised->plugin, "sockledger_app");
        QCOMPARE(raised->instance, "firefox 2");
        QCOMPARE(raised->type, "if_octets");
        QCOMPARE(raised->type_instance, "fast");
        QCOMPARE(raised->message, "firefox: more than 5 MB/s");
        const auto cleared = book.take(alert("fast", "desktop:firefox", "firefox", false), nullptr);
        QVERIFY(cleared);
        QCOMPARE(cleared->severity, Severity::Okay);
        QCOMPARE(cleared->instance, "firefox 2"); // so that it is known what is over
        QCOMPARE(cleared->message, "cleared: firefox: more than 5 MB/s");
    }

    void aSubjectIsWhereItsValuesAre() {
        AlertBook book;
        QCOMPARE(book.take(alert("a", "", "", true), nullptr)->instance, "all");
        const auto device = book.take(alert("a", "eth0", "eth0", true), nullptr);
        QCOMPARE(device->plugin, "sockledger");
        QCOMPARE(device->instance, "eth0");
        QCOMPARE(book.take(alert("a", "exe:/a/b", "a/b", true), nullptr)->instance, "a_b");
    }

    void whatWasClearedWhileNobodyListenedIsToldAfterwards() {
        AlertBook book;
        QVERIFY(book.take(alert("a", "eth0", "eth0", true), nullptr));
        QVERIFY(book.take(alert("b", "eth0", "eth0", true), nullptr));
        book.begin_stream();
        QVERIFY(!book.take(alert("b", "eth0", "eth0", true), nullptr));
        const auto over = book.end_of_active();
        QCOMPARE(over.size(), std::size_t(1));
        QCOMPARE(over[0].type_instance, "a");
        QCOMPARE(over[0].severity, Severity::Okay);
        QVERIFY(book.end_of_active().empty());
        QVERIFY(book.take(alert("b", "eth0", "eth0", false), nullptr));
    }
};

QTEST_APPLESS_MAIN(CollectdAlertBookTest)
#include "alert_book_test.moc"
