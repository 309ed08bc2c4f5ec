// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "times.hpp"

#include <QTest>
#include <cstdlib>
#include <ctime>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds now(1'795'271'405); // 2026-11-21 15:30:05 in Berlin

void live_in(const char* zone) {
    qputenv("TZ", zone); // with its lock: a thread of Qt Test reads the environment meanwhile
    tzset();
}

QString said(const Result<std::chrono::seconds>& time) {
    return QString::fromStdString(time ? format_iso(*time) : "error: " + time.error().message);
}

} // namespace

class CliTimesTest : public QObject {
    Q_OBJECT

private slots:
    void init() { live_in("Europe/Berlin"); }

    void everyFormIsUnderstood_data() {
        QTest::addColumn<QString>("time");
        const std::initializer_list<std::pair<const char*, const char*>> forms{
            {"now", "2026-11-21T15:30:05+01:00"},
            {"today", "2026-11-21T00:00:00+01:00"},
            {"yesterday", "2026-11-20T00:00:00+01:00"},
            {"-3h", "2026-11-21T12:30:05+01:00"},
            {"-90m", "2026-11-21T14:00:05+01:00"},
            {"14:30", "2026-11-21T14:30:00+01:00"},
            {"14:30:59", "2026-11-21T14:30:59+01:00"},
            {"2026-11-21", "2026-11-21T00:00:00+01:00"},
            {"2024-02-29", "2024-02-29T00:00:00+01:00"},
            {"2026-07-01", "2026-07-01T00:00:00+02:00"},
            {"2026-11-20 14:30", "2026-11-20T14:30:00+01:00"},
            {"2026-11-20T14:30:05", "2026-11-20T14:30:05+01:00"},
            {"2026-11-20 14:30Z", "2026-11-20T15:30:00+01:00"},
            {"2026-11-20T14:30:00+01:00", "2026-11-20T14:30:00+01:00"},
            {"2026-11-20T14:30-0330", "2026-11-20T19:00:00+01:00"},
            {"2026-07-01T00:00:00+05", "2026-06-30T21:00:00+02:00"},
            {"@1795271405", "2026-11-21T15:30:05+01:00"},
        };
        for (const auto& [text, time] : forms)
            QTest::newRow(text) << time;
    }
    void everyFormIsUnderstood() { QTEST(said(parse_time(QTest::currentDataTag(), now)), "time"); }

    void nonsenseIsNamed_data() {
        QTest::addColumn<QString>("ignored");
        for (const char* text : {"",
                                 "soon",
                                 "-",
                                 "-3",
                                 "-3x",
                                 "--3h",
                                 "@",
                                 "@-5",
                                 "@1.5",
                                 "24:00",
                                 "12:60",
                                 "12",
                                 "12:5",
                                 "12:30:60",
                                 "2026-13-01",
                                 "2026-02-29",
                                 "2026-11-31",
                                 "2026-11",
                                 "20261121",
                                 "21.11.2026",
                                 "1969-12-31",
                                 "2026-11-21x",
                                 "2026-11-21 ",
                                 "2026-11-21 14",
                                 "2026-11-21 14:30x",
                                 "2026-11-21 14:30:05 +01:00",
                                 "2026-11-21 14:30+1",
                                 "2026-11-21 14:30+15:00",
                                 "2026-11-21Z"})
            QTest::newRow(text) << QString();
    }
    void nonsenseIsNamed() {
        const auto time = parse_time(QTest::currentDataTag(), now);
        QVERIFY(!time);
        const QString message = QString::fromStdString(time.error().message);
        QVERIFY2(message.contains(QString("'") + QTest::currentDataTag() + "'"), qPrintable(message));
        QVERIFY(!message.contains('\n'));
    }

    void aTimeThatTheClocksSkipIsAnError() {
        QVERIFY(said(parse_time("2026-03-29 02:30", now)).contains("clocks go forward"));
        QCOMPARE(said(parse_time("2026-03-29 03:00", now)), "2026-03-29T03:00:00+02:00");
        QCOMPARE(said(parse_time("2026-03-29 01:59", now)), "2026-03-29T01:59:00+01:00");
    }

    void ofATimeThatComesTwiceTheFirstIsMeant() {
        QCOMPARE(said(parse_time("2026-10-25 02:30", now)), "2026-10-25T02:30:00+02:00");
        QCOMPARE(said(parse_time("2026-10-25 02:30+01:00", now)), "2026-10-25T02:30:00+01:00");
    }

    void aDayBeginsWithoutItsMidnight() {
        live_in("America/Sao_Paulo"); // until 2018 the clocks went forward at midnight
        QCOMPARE(said(parse_time("2018-11-04", now)), "2018-11-04T01:00:00-02:00");
        QCOMPARE(said(parse_time("2018-11-03", now)), "2018-11-03T00:00:00-03:00");
    }

    void yesterdayMayHave23Hours() {
        const std::chrono::seconds monday(1'774'850'400); // 2026-03-30 08:00
        QCOMPARE(said(parse_time("yesterday", monday)), "2026-03-29T00:00:00+01:00");
        QCOMPARE(said(parse_time("today", monday)), "2026-03-30T00:00:00+02:00");
    }

    void halfHoursAreOffsetsToo() {
        live_in("Australia/Lord_Howe");
        QCOMPARE(said(parse_time("2026-01-01", now)), "2026-01-01T00:00:00+11:00");
        QCOMPARE(said(parse_time("2026-07-01 12:00", now)), "2026-07-01T12:00:00+10:30");
    }

    void aWindowIsShownWithoutNeedlessSeconds() {
        const TimeWindow hour{now - 3605s, now - 5s};
        QCOMPARE(format_window(hour, now), std::string("2026-11-21 14:30 to 2026-11-21 15:30"));
        QCOMPARE(format_window({now - 1h, now + 8h}, now), std::string("2026-11-21 14:30:05 to now"));
        QCOMPARE(format_window({now + 55s, now + 1h}, now),
                 std::string("2026-11-21 15:31 to 2026-11-21 16:30:05"));
    }
};

QTEST_GUILESS_MAIN(CliTimesTest)
#include "cli_times_test.moc"
