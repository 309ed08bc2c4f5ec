// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/time_zone.hpp"
#include "rules/evaluator.hpp"

#include <QTest>

#include <ctime>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

using Subject = Rule::Subject;
using Measure = Rule::Measure;
using Alerts = std::vector<Alert>;

Rule amount_rule(Measure measure = Measure::Day, Subject subject = Subject::Total, const char* target = "") {
    Rule rule;
    rule.id = "much";
    rule.subject = subject;
    rule.target = target;
    rule.measure = measure;
    rule.threshold = 1000;
    return rule;
}

Usage used(std::int64_t rx, std::int64_t tx = 0) {
    Usage usage;
    usage.rx_bytes = rx;
    usage.tx_bytes = tx;
    return usage;
}

UsageRow row(std::string_view app, const char* name, std::int64_t rx, std::int64_t tx = 0) {
    UsageRow made;
    made.app = app;
    made.name = name;
    made.rx_bytes = rx;
    made.tx_bytes = tx;
    return made;
}

UsageRow on(std::string_view interface, std::int64_t rx) {
    UsageRow made;
    made.interface = interface;
    made.rx_bytes = rx;
    return made;
}

Evaluator with(const Rule& rule, Alerts earlier = {}) {
    Evaluator evaluator(std::move(earlier), 7);
    evaluator.set_rules({rule});
    return evaluator;
}

} // namespace

class AmountRuleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        qputenv("TZ", "America/New_York");
        tzset();
    }

    void anAmountAboveRaisesOnce() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        const auto noon = local(2026, 3, 5, 12);
        QVERIFY(evaluator.evaluate_amount(rule, used(999), noon).empty());
        QVERIFY(evaluator.evaluate_amount(rule, used(1000), noon).empty());
        const Alerts raised = evaluator.evaluate_amount(rule, used(600, 401), noon + 1s);
        QCOMPARE(raised.size(), 1U);
        QCOMPARE(raised.front().value, 1001U);
        QCOMPARE(raised.front().text, "this machine moved more than 1 kB today");
        QVERIFY(raised.front().raised == noon + 1s);
        QVERIFY(evaluator.evaluate_amount(rule, used(5000), noon + 2s).empty());
        QVERIFY(evaluator.active() == raised);
    }

    void oneDirectionIsComparedAlone() {
        Rule rule = amount_rule();
        rule.direction = Rule::Direction::Tx;
        Evaluator evaluator = with(rule);
        const auto noon = local(2026, 3, 5, 12);
        QVERIFY(evaluator.evaluate_amount(rule, used(5000, 1000), noon).empty());
        QCOMPARE(evaluator.evaluate_amount(rule, used(5000, 1001), noon).size(), 1U);
    }

    void whatHistoryTakesBackClearsBelowNineTenths() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        const auto noon = local(2026, 3, 5, 12);
        QCOMPARE(evaluator.evaluate_amount(rule, used(1001), noon).size(), 1U);
        QVERIFY(evaluator.evaluate_amount(rule, used(900), noon).empty());
        const Alerts cleared = evaluator.evaluate_amount(rule, used(899), noon + 1s);
        QCOMPARE(cleared.size(), 1U);
        QVERIFY(cleared.front().cleared == noon + 1s);
        QVERIFY(evaluator.evaluate_amount(rule, used(-5000), noon + 2s).empty());
    }

    void anotherPeriodClears_data() {
        QTest::addColumn<int>("measure");
        QTest::addColumn<qlonglong>("last");
        const auto row = [](const char* name, Measure measure, std::chrono::seconds next) {
            QTest::newRow(name) << static_cast<int>(measure) << static_cast<qlonglong>(next.count() - 1);
        };
        row("hour", Measure::Hour, local(2026, 3, 5, 13));
        row("day", Measure::Day, local(2026, 3, 6));
        row("day of 23 hours", Measure::Day, local(2026, 3, 9));
        row("day of 25 hours", Measure::Day, local(2026, 11, 2));
        row("month", Measure::Month, local(2026, 4, 1));
        row("year", Measure::Month, local(2027, 1, 1));
        row("cycle", Measure::Cycle, local(2026, 3, 17));
    }

    void anotherPeriodClears() {
        QFETCH(int, measure);
        QFETCH(qlonglong, last);
        Rule rule = amount_rule(static_cast<Measure>(measure));
        rule.cycle_day = 17;
        Evaluator evaluator = with(rule);
        const std::chrono::seconds end(last);
        QCOMPARE(evaluator.evaluate_amount(rule, used(2000), end - 600s).size(), 1U);
        QVERIFY(evaluator.evaluate_amount(rule, used(2000), end).empty());
        const Alerts cleared = evaluator.evaluate_amount(rule, used(0), end + 1s);
        QCOMPARE(cleared.size(), 1U);
        QVERIFY(!cleared.front().active);
        QVERIFY(cleared.front().cleared == end + 1s);
    }

    void aPeriodThatBeginsAboveIsAnotherAlert() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 12));
        const Alerts changes = evaluator.evaluate_amount(rule, used(3000), local(2026, 3, 6));
        QCOMPARE(changes.size(), 2U);
        QVERIFY(!changes[0].active);
        QCOMPARE(changes[0].number, 7U);
        QVERIFY(changes[1].active);
        QCOMPARE(changes[1].number, 8U);
        QCOMPARE(changes[1].value, 3000U);
    }

    void aClockSetBackWithinThePeriodChangesNothing() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 12));
        QVERIFY(evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 11)).empty());
    }

    void aClockSetBackToYesterdayIsYesterday() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 0, 1));
        const Alerts changes = evaluator.evaluate_amount(rule, used(3000), local(2026, 3, 4, 23));
        QCOMPARE(changes.size(), 2U);
        QVERIFY(changes[0].cleared == changes[0].raised);
        QVERIFY(changes[1].active);
    }

    void withoutATargetEachAppIsASubject() {
        const Rule rule = amount_rule(Measure::Day, Subject::App);
        Evaluator evaluator = with(rule);
        const auto noon = local(2026, 3, 5, 12);
        Usage usage = used(90000);
        usage.rows = {row("exe:/usr/bin/curl", "curl", 2000), row("exe:/usr/bin/nc", "", 1500),
                      row("exe:/usr/bin/wget", "wget", 1000), row("kernel", "kernel", 5000),
                      row(unattributed_app, "unattributed", 5000)};
        const Alerts raised = evaluator.evaluate_amount(rule, usage, noon);
        QCOMPARE(raised.size(), 2U);
        QCOMPARE(raised[0].subject, "exe:/usr/bin/curl");
        QCOMPARE(raised[0].name, "curl");
        QCOMPARE(raised[1].name, "exe:/usr/bin/nc");

        usage.rows.erase(usage.rows.begin());
        const Alerts cleared = evaluator.evaluate_amount(rule, usage, noon + 1s);
        QCOMPARE(cleared.size(), 1U);
        QCOMPARE(cleared.front().name, "curl");
    }

    void theRestOfTheBooksIsMeantByItsName() {
        const Rule rule = amount_rule(Measure::Day, Subject::App, "unattributed");
        Evaluator evaluator = with(rule);
        Usage usage;
        usage.rows = {row("exe:/usr/bin/curl", "curl", 2000), row(unattributed_app, "", 5000)};
        const Alerts raised = evaluator.evaluate_amount(rule, usage, local(2026, 3, 5, 12));
        QCOMPARE(raised.size(), 1U);
        QCOMPARE(raised.front().subject, unattributed_app);
    }

    void withoutATargetEachInterfaceIsASubject() {
        const Rule rule = amount_rule(Measure::Day, Subject::Interface);
        Evaluator evaluator = with(rule);
        Usage usage;
        usage.rows = {on(other_namespaces, 9000), on(unknown_interface, 9000), on("eth0", 2000),
                      on("eth1", 0)};
        const Alerts raised = evaluator.evaluate_amount(rule, usage, local(2026, 3, 5, 12));
        QCOMPARE(raised.size(), 1U);
        QCOMPARE(raised.front().subject, "eth0");
        QCOMPARE(raised.front().name, "eth0");
    }

    void anAnswerToAnOlderRuleDecidesNothing() {
        const Rule old = amount_rule();
        Rule changed = old;
        changed.threshold = 5000;
        Evaluator evaluator = with(changed);
        QVERIFY(evaluator.evaluate_amount(old, used(2000), local(2026, 3, 5, 12)).empty());
        evaluator.set_rules({});
        QVERIFY(evaluator.evaluate_amount(changed, used(9000), local(2026, 3, 5, 12)).empty());
        QVERIFY(evaluator.active().empty());
    }

    void aRuleThatWentIsClearedWithAnyAnswer() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 12));
        evaluator.set_rules({});
        const Alerts cleared = evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 12, 1));
        QCOMPARE(cleared.size(), 1U);
        QVERIFY(cleared.front().cleared == local(2026, 3, 5, 12, 1));
    }

    void anAlertOfAnEarlierRunGoesOnInItsPeriod() {
        const Rule rule = amount_rule(Measure::Month);
        Evaluator before = with(rule);
        const Alerts raised = before.evaluate_amount(rule, used(2000), local(2026, 3, 5, 12));
        Evaluator after = with(rule, raised);
        QVERIFY(after.evaluate_amount(rule, used(2500), local(2026, 3, 31, 23, 59, 59)).empty());
        QCOMPARE(after.evaluate_amount(rule, used(10), local(2026, 4, 1)).size(), 1U);
    }

    void aRateRuleIsLeftAloneByAmounts() {
        const Rule rule = amount_rule();
        Evaluator evaluator = with(rule);
        evaluator.evaluate_amount(rule, used(2000), local(2026, 3, 5, 12));
        Snapshot snapshot;
        for (int i = 0; i < 100; ++i) {
            snapshot.time.boottime += 1s;
            QVERIFY(evaluator.evaluate_rates(snapshot, {}).empty());
        }
        QCOMPARE(evaluator.active().size(), 1U);
    }
};

QTEST_GUILESS_MAIN(AmountRuleTest)
#include "amount_rule_test.moc"
