// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/time_zone.hpp"
#include "engine/enum_names.hpp"
#include "rules/rule.hpp"

#include <QTest>

#include <ctime>
#include <limits>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

using Subject = Rule::Subject;
using Direction = Rule::Direction;
using Measure = Rule::Measure;

Rule valid() {
    Rule rule;
    rule.id = "day-limit_1.5";
    rule.threshold = 1000;
    return rule;
}

Rule of(Subject subject, const char* target = "") {
    Rule rule = valid();
    rule.subject = subject;
    rule.target = target;
    return rule;
}

} // namespace

class RuleTest : public QObject {
    Q_OBJECT

private slots:
    void everyNameIsReadBack() {
        for (Subject subject : {Subject::Total, Subject::App, Subject::Interface})
            QVERIFY(parse_name<Rule::Subject>(to_string(subject)) == subject);
        for (Direction direction : {Direction::Rx, Direction::Tx, Direction::Both})
            QVERIFY(parse_name<Rule::Direction>(to_string(direction)) == direction);
        for (Measure measure : {Measure::Rate, Measure::Hour, Measure::Day, Measure::Month, Measure::Cycle})
            QVERIFY(parse_name<Rule::Measure>(to_string(measure)) == measure);
        QCOMPARE(to_string(Subject::Interface), "interface");
        QCOMPARE(to_string(Direction::Tx), "tx");
        QCOMPARE(to_string(Measure::Cycle), "cycle");
    }

    void anotherWordIsNoName() {
        QVERIFY(!parse_name<Rule::Subject>(""));
        QVERIFY(!parse_name<Rule::Subject>("App"));
        QVERIFY(!parse_name<Rule::Direction>("rx "));
        QVERIFY(!parse_name<Rule::Measure>("week"));
    }

    void aWrongRuleNamesTheMember_data() {
        QTest::addColumn<Rule>("rule");
        QTest::addColumn<QString>("member"); // empty: nothing is wrong
        const auto row = [](const char* name, const char* member, auto change) {
            Rule rule = valid();
            change(rule);
            QTest::newRow(name) << rule << member;
        };
        row("valid", "", [](Rule&) {});
        row("no id", "id", [](Rule& rule) { rule.id.clear(); });
        row("longest id", "", [](Rule& rule) { rule.id.assign(64, 'x'); });
        row("id too long", "id", [](Rule& rule) { rule.id.assign(65, 'x'); });
        row("space in id", "id", [](Rule& rule) { rule.id = "a b"; });
        row("slash in id", "id", [](Rule& rule) { rule.id = "../a"; });
        row("letter beyond ASCII in id", "id", [](Rule& rule) { rule.id = "größe"; });
        row("text beyond ASCII", "", [](Rule& rule) { rule.text = "größer als 5 GB"; });
        row("text of two lines", "text", [](Rule& rule) { rule.text = "a\nb"; });
        row("long text", "text", [](Rule& rule) { rule.text.assign(501, 'x'); });
        row("target of the total", "target", [](Rule& rule) { rule.target = "eth0"; });
        row("target of two lines", "target", [](Rule& rule) {
            rule.subject = Subject::App;
            rule.target = "a\nb";
        });
        row("no threshold", "threshold", [](Rule& rule) { rule.threshold = 0; });
        row("largest threshold", "",
            [](Rule& rule) { rule.threshold = std::numeric_limits<std::int64_t>::max(); });
        row("threshold too large", "threshold",
            [](Rule& rule) { rule.threshold = std::uint64_t(std::numeric_limits<std::int64_t>::max()) + 1; });
        row("no seconds", "seconds", [](Rule& rule) { rule.seconds = 0; });
        row("an hour of seconds", "", [](Rule& rule) { rule.seconds = 3600; });
        row("too many seconds", "seconds", [](Rule& rule) { rule.seconds = 3601; });
        row("seconds of an amount", "", [](Rule& rule) {
            rule.measure = Measure::Day;
            rule.seconds = 0;
        });
        row("day 0", "cycle_day", [](Rule& rule) {
            rule.measure = Measure::Cycle;
            rule.cycle_day = 0;
        });
        row("day 32", "cycle_day", [](Rule& rule) {
            rule.measure = Measure::Cycle;
            rule.cycle_day = 32;
        });
    }

    void aWrongRuleNamesTheMember() {
        QFETCH(Rule, rule);
        QFETCH(QString, member);
        const auto result = validate(rule);
        QCOMPARE(result.has_value(), member.isEmpty());
        if (!result)
            QVERIFY(QString::fromStdString(result.error().message).startsWith(member + ": "));
    }

    void anAppIsMeantByIdOrByNameInAnyCase() {
        const Rule by_name = of(Subject::App, "firefox");
        QVERIFY(is_about(by_name, "desktop:org.mozilla.firefox", "Firefox"));
        QVERIFY(!is_about(by_name, "desktop:org.mozilla.firefox", "Firefox Nightly"));
        const Rule by_id = of(Subject::App, "exe:/usr/bin/curl");
        QVERIFY(is_about(by_id, "exe:/usr/bin/curl", "curl"));
        QVERIFY(!is_about(by_id, "exe:/usr/bin/CURL", "curl"));
    }

    void whatIsNoAppIsMeantOnlyByItsName() {
        QVERIFY(is_about(of(Subject::App), "exe:/usr/bin/curl", "curl"));
        QVERIFY(!is_about(of(Subject::App), "kernel", "kernel"));
        QVERIFY(!is_about(of(Subject::App), unattributed_app, "unattributed"));
        QVERIFY(is_about(of(Subject::App, "kernel"), "kernel", "kernel"));
        QVERIFY(!is_about(of(Subject::Interface), other_namespaces, other_namespaces));
        QVERIFY(!is_about(of(Subject::Interface), "web/eth0", "web/eth0"));
        QVERIFY(!is_about(of(Subject::Interface), unknown_interface, unknown_interface));
        QVERIFY(is_about(of(Subject::Interface), "eth0", "eth0"));
    }

    void anInterfaceIsMeantExactly() {
        QVERIFY(is_about(of(Subject::Interface, "eth0"), "eth0", "eth0"));
        QVERIFY(!is_about(of(Subject::Interface, "eth0"), "ETH0", "ETH0"));
    }

    void wordsAndOriginAreNoMeaning() {
        Rule reworded = valid();
        reworded.text = "too much";
        reworded.from_configuration = true;
        QVERIFY(same_meaning(valid(), reworded));
        reworded.enabled = false;
        QVERIFY(!same_meaning(valid(), reworded));
    }

    void aRuleReadsAsASentence() {
        Rule rule = of(Subject::App, "exe:/usr/bin/curl");
        rule.direction = Direction::Rx;
        rule.measure = Measure::Month;
        rule.threshold = 5'000'000'000;
        QCOMPARE(describe(rule), "exe:/usr/bin/curl received more than 5 GB this month");
        QCOMPARE(describe(rule, "curl"), "curl received more than 5 GB this month");

        rule = of(Subject::Interface);
        rule.threshold = 1'500'000;
        QCOMPARE(describe(rule), "any interface moved more than 1.5 MB/s for 10 s");

        rule = of(Subject::Total);
        rule.direction = Direction::Tx;
        rule.measure = Measure::Cycle;
        rule.cycle_day = 17;
        rule.threshold = 999'999;
        QCOMPARE(describe(rule, "total"), "this machine sent more than 1 MB since day 17 of the month");

        rule.measure = Measure::Hour;
        rule.threshold = 999;
        QCOMPARE(describe(rule), "this machine sent more than 999 B this hour");
    }

    void anAmountAsksForItsPeriod() {
        const TimeZone zone("Europe/Berlin");
        Rule rule = of(Subject::Interface, "eth0");
        rule.measure = Measure::Day;
        const auto now = local(2026, 3, 5, 13, 14, 15);
        UsageQuery query = query_of(rule, now);
        QCOMPARE(query.window.from.count(), local(2026, 3, 5).count());
        QVERIFY(query.bucket.unit == UsageBucket::Unit::Whole);
        QVERIFY(query.group == UsageGroup::Interface);
        QVERIFY(query.interface == "eth0");

        rule.measure = Measure::Month;
        QCOMPARE(period_of(rule, now).from.count(), local(2026, 3, 1).count());
        rule.measure = Measure::Cycle;
        rule.cycle_day = 17;
        QCOMPARE(period_of(rule, now).from.count(), local(2026, 2, 17).count());

        query = query_of(of(Subject::App, "curl"), now);
        QVERIFY(query.group == UsageGroup::App);
        QVERIFY(!query.app);
        QVERIFY(query_of(of(Subject::Total), now).group == UsageGroup::Total);
    }

    void anHourIsALocalOne() {
        const TimeZone zone("Asia/Kathmandu"); // UTC+5:45
        Rule rule = valid();
        rule.measure = Measure::Hour;
        const TimeWindow hour = period_of(rule, local(2026, 3, 5, 13, 59, 59));
        QCOMPARE(hour.from.count(), local(2026, 3, 5, 13).count());
        QCOMPARE(hour.to.count(), local(2026, 3, 5, 14).count());
        QVERIFY(period_of(rule, hour.to).from == hour.to);
    }

    // 02:00 to 03:00 comes twice: two hours, not one
    void anHourThatComesTwiceIsTwoPeriods() {
        const TimeZone zone("Europe/Berlin");
        Rule rule = valid();
        rule.measure = Measure::Hour;
        const auto first = local(2026, 10, 25, 1, 30) + 1h;
        const TimeWindow one = period_of(rule, first);
        const TimeWindow two = period_of(rule, first + 1h);
        QCOMPARE((one.to - one.from).count(), 3600);
        QVERIFY(one.to == two.from);
    }
};

QTEST_GUILESS_MAIN(RuleTest)
#include "rule_test.moc"
