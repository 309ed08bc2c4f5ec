// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "cli_history.hpp"
#include "csv.hpp"
#include "usage_rows.hpp"
#include "usage_table.hpp"

#include <QTest>
#include <clocale>
#include <limits>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;
using past::midnight;
using past::now;

namespace {

constexpr int unlimited = std::numeric_limits<int>::max();
const Format format{{}, &glyphs(true)};
const Format plain{{}, &glyphs(false)};

UsageAnswer answer(Usage usage, UsageGroup group = UsageGroup::App, UsageBucket::Unit unit = {}) {
    UsageAnswer made;
    made.query.window = {midnight, midnight + 24h};
    made.query.group = group;
    made.query.bucket.unit = unit;
    made.usage = std::move(usage);
    made.now = now;
    return made;
}

QString shown(const UsageAnswer& made, int width = 80, const Format& how = format,
              std::optional<std::size_t> limit = {}) {
    return past::text(usage_lines(made, limit, width, how));
}

QString notes(const UsageAnswer& made) {
    QStringList list;
    for (const std::string& note : usage_notes(made, format))
        list << QString::fromStdString(note);
    return list.join('\n');
}

Usage exact(Usage usage) {
    for (UsageRow& row : usage.rows)
        row.accuracy = Accuracy::Exact;
    return usage;
}

} // namespace

class CliUsageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }
    void init() { past::live_in("Europe/Berlin"); }

    void appsAreSortedAndWhatIsNoAppComesLast() {
        QCOMPARE(shown(answer(past::by_app())),
                 "2026-11-21 00:00 to now\n"
                 "app             downloaded  uploaded    total\n"
                 "Firefox            4.00 GB    100 MB  4.10 GB  ████████████████████\n"
                 "curl              ≥1.00 GB  ≥25.0 MB ≥1.02 GB  █████\n"
                 "sshd               1.00 MB   30.0 MB  31.0 MB  ▏\n"
                 "(kernel)           64.0 kB   8.00 kB  72.0 kB  ▏\n"
                 "(unattributed)     2.00 MB  -12.0 kB  1.99 MB  ▏\n"
                 "on the wire: ↓ 5.00 GB  ↑ 155 MB\n"
                 "≥ at least: not every packet was counted all of the time\n");
    }

    void fortyColumnsWithoutUtf8AreEnough() {
        const QString text = shown(answer(past::by_app()), 40, plain);
        QCOMPARE(text, "2026-11-21 00:00 to now\n"
                       "app                 rx       tx    total\n"
                       "Firefox        4.00 GB   100 MB  4.10 GB\n"
                       "curl          >1.00 GB >25.0 MB >1.02 GB\n"
                       "sshd           1.00 MB  30.0 MB  31.0 MB\n"
                       "(kernel)       64.0 kB  8.00 kB  72.0 kB\n"
                       "(unattribute~  2.00 MB -12.0 kB  1.99 MB\n"
                       "on the wire: down 5.00 GB  up 155 MB\n"
                       "> at least: not every packet was counted\n"
                       "all of the time\n");
    }

    void inTheLimitTheRestIsOneRow() {
        const auto rows = usage_rows(past::by_app(), {}, 1);
        QCOMPARE(rows.size(), std::size_t{4});
        QCOMPARE(rows[0].label, std::string("Firefox"));
        QCOMPARE(rows[1], (UsageLine{"(2 others)", 1'001'000'000, 55'000'000, Accuracy::Partial, true}));
        QCOMPARE(rows[2].label, std::string("(kernel)"));
        QCOMPARE(usage_rows(past::by_app(), {}, 3).size(), std::size_t{5});
    }

    void rowsOfTimeStayInOrderAndTheLimitKeepsTheNewest() {
        UsageQuery query;
        query.bucket.unit = UsageBucket::Unit::Hour;
        const auto rows = usage_rows(past::by_hour(), query, 2);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0], (UsageLine{"(before)", 2'700'000'000, 15'000'000, Accuracy::Exact, true}));
        QCOMPARE(rows[2].label, std::string("14:00"));
    }

    void hoursAreAChart() {
        const auto made = answer(past::by_hour(), UsageGroup::Total, UsageBucket::Unit::Hour);
        QCOMPARE(shown(made, unlimited, plain), "2026-11-21 00:00 to now\n"
                                                "hour   downloaded  uploaded    total\n"
                                                "08:00      800 MB   5.00 MB   805 MB  ###########\n"
                                                "09:00      900 MB   5.00 MB   905 MB  #############\n"
                                                "10:00     1.00 GB   5.00 MB  1.00 GB  ##############\n"
                                                "...           0 B       0 B      0 B\n"
                                                "14:00     1.40 GB   5.00 MB  1.41 GB  ####################\n"
                                                "on the wire: down 4.10 GB  up 20.0 MB\n");
    }

    void bucketsAreNamedAsShortAsTheyCanBe() {
        using Unit = UsageBucket::Unit;
        const TimeWindow day{midnight, midnight + 24h};
        const TimeWindow week{midnight - 6 * 24h, midnight + 24h};
        QCOMPARE(bucket_label(midnight + 9h, Unit::Hour, day), std::string("09:00"));
        QCOMPARE(bucket_label(midnight + 9h + 90s, Unit::Seconds, day), std::string("09:01:30"));
        QCOMPARE(bucket_label(midnight + 9h, Unit::Hour, week), std::string("2026-11-21 09:00"));
        QCOMPARE(bucket_label(midnight, Unit::Day, week), std::string("2026-11-21"));
        QCOMPARE(bucket_label(midnight, Unit::Month, week), std::string("2026-11"));
    }

    void theHourThatComesTwiceHasItsZone() {
        const std::chrono::seconds day(1'792'879'200); // 2026-10-25 00:00
        const TimeWindow whole{day, day + 25h};
        QCOMPARE(bucket_label(day + 2h, UsageBucket::Unit::Hour, whole), std::string("02:00 +0200"));
        QCOMPARE(bucket_label(day + 3h, UsageBucket::Unit::Hour, whole), std::string("02:00 +0100"));
    }

    void anAppIsShownBesideEverything() {
        UsageAnswer made = answer(past::by_hour(), UsageGroup::Total, UsageBucket::Unit::Hour);
        made.query.app = "unit:sshd.service";
        made.query.interface = "eth0";
        made.app_name = "ss\x1bhd";
        made.usage.rx_bytes = 9'000'000'000;
        const QString text = shown(made);
        QVERIFY2(text.startsWith("2026-11-21 00:00 to now, ss?hd, on eth0\n"), qPrintable(text));
        QVERIFY2(text.endsWith("↓ 4.10 GB  ↑ 20.0 MB of what was on the wire: ↓ 9.00 GB  ↑ 20.0 MB\n"),
                 qPrintable(text));
    }

    void whatIsNotKnownIsNotZero() {
        Usage usage = past::by_app();
        usage.rows[1].accuracy = Accuracy::Unavailable;
        QVERIFY(shown(answer(usage)).contains("–"));
    }

    void howTheRowsAreKnownIsSaid() {
        Usage usage = past::by_app();
        QVERIFY(notes(answer(usage)).contains("≥ at least: not every packet was counted"));
        usage.rows[0].accuracy = Accuracy::Estimated;
        QVERIFY(notes(answer(usage)).contains("~ estimated: shared out by connections"));
        QCOMPARE(notes(answer(exact(usage))), "");
    }

    void nothingButUnattributedIsExplained() {
        Usage usage = exact(past::by_app());
        std::erase_if(usage.rows, [](const UsageRow& row) { return row.app != unattributed_app; });
        QCOMPARE(usage.rows.size(), std::size_t{1});
        QVERIFY(notes(answer(usage)).contains("no application has any of it: packets were not counted"));
        usage.rows.clear();
        QCOMPARE(notes(answer(usage)), "");
    }

    void aWiderWindowIsSaid() {
        UsageAnswer made = answer(exact(past::by_app()));
        QCOMPARE(notes(made), "");
        made.query.window = {midnight + 30min, now};
        made.usage.step = 1h;
        const QString note = notes(made);
        QVERIFY2(note.contains("asked for: 2026-11-21 00:30 to now"), qPrintable(note));
        QVERIFY(shown(made).startsWith("2026-11-21 00:00 to now\n"));
        made.query.window = {midnight, midnight + 30min};
        QVERIFY(!notes(made).isEmpty());
    }

    void aMinuteThatIsNotOverIsNoWiderWindow() {
        UsageAnswer made = answer(exact(past::by_app()));
        made.query.window = {midnight, now};
        made.usage.window = {midnight, now + 55s};
        QCOMPARE(notes(made), "");
    }

    void aGapOfSeveralInterfacesIsOne() {
        UsageAnswer made = answer(exact(past::by_app()));
        const TimeWindow night{midnight + 3h, midnight + 4h};
        made.usage.gaps = {{night, "eth0", 1'000'000, 5000}, {night, "wlan0", 2'000'000, 6000}};
        QCOMPARE(notes(made), "nobody recorded from 2026-11-21 03:00 to 2026-11-21 04:00: ↓ 3.00 MB  "
                              "↑ 11.0 kB of then are unattributed");
    }

    void ofManyGapsTheNewestAreShown() {
        UsageAnswer made = answer(past::by_app());
        for (int i = 0; i < 12; ++i)
            made.usage.gaps.push_back({{midnight + i * 1h, midnight + i * 1h + 60s}, "eth0", i, 0});
        const QString list = notes(made);
        QCOMPARE(list.count("nobody recorded"), 5);
        QVERIFY(list.contains(" 11:00 ") && list.contains(" 07:00 ") && !list.contains(" 06:00 "));
        QVERIFY2(list.endsWith("and 7 earlier times"), qPrintable(list));
    }

    void nothingIsWiderThanTheTerminal() {
        UsageAnswer made = answer(past::by_app());
        made.query.window = {midnight + 30min, now};
        made.usage.gaps = {{{midnight, midnight + 60s}, "eth0", 1, 2}};
        made.usage.rows[0].name = "A name that goes on and on, 日本語 and so on, for no good reason at all";
        for (const int width : {20, 40, 57, 80, 132})
            for (const Line& line : usage_lines(made, {}, width, format))
                QVERIFY2(text_width(plain_text(line)) <= width, plain_text(line).c_str());
    }

    void csvIsExactAndQuoted() {
        UsageRow row = past::row("exe:/opt/a,b", "say \"hi\"", 9'007'199'254'740'993, -5, Accuracy::Partial);
        row.interface = "eth0";
        QCOMPARE(csv_line(row),
                 std::string("2026-11-21T00:00:00+01:00,2026-11-21T15:30:05+01:00,\"exe:/opt/a,b\","
                             "\"say \"\"hi\"\"\",eth0,9007199254740993,-5,partial\r\n"));
        QCOMPARE(csv_head().size(),
                 std::string("from,to,app,name,interface,rx_bytes,tx_bytes,accuracy").size() + 2);
    }

    void aNameIsNoFormulaAndNoSecondRecord_data() {
        QTest::addColumn<QString>("field");
        const std::initializer_list<std::pair<const char*, const char*>> names{
            {"plain", "plain"},
            {"", ""},
            {"=1+1", "'=1+1"},
            {"+1", "'+1"},
            {"-1", "'-1"},
            {"@SUM(A1)", "'@SUM(A1)"},
            {"a=b", "a=b"},
            {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
            {"two\nlines", "two?lines"},
            {"\r\t\x1b[31m", "???[31m"},
            {"a;b", "a;b"},
            {"日本", "日本"},
        };
        for (const auto& [name, field] : names)
            QTest::newRow(name) << field;
    }
    void aNameIsNoFormulaAndNoSecondRecord() {
        QTEST(QString::fromStdString(csv_field(QTest::currentDataTag())), "field");
    }

    void barsHaveEighths() {
        QCOMPARE(bar(1, 4, glyphs(true)), std::string("████"));
        QCOMPARE(bar(0.5, 3, glyphs(true)), std::string("█▌"));
        QCOMPARE(bar(1e-9, 4, glyphs(true)), std::string("▏")); // more than nothing
        QCOMPARE(bar(0, 4, glyphs(true)), std::string());
        QCOMPARE(bar(-1, 4, glyphs(true)), std::string());
        QCOMPARE(bar(7, 4, glyphs(true)), std::string("████"));
        QCOMPARE(bar(std::numeric_limits<double>::quiet_NaN(), 4, glyphs(true)), std::string());
        QCOMPARE(bar(0.5, 4, glyphs(false)), std::string("##"));
    }
};

QTEST_GUILESS_MAIN(CliUsageTest)
#include "cli_usage_test.moc"
