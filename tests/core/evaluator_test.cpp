// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/evaluator.hpp"

#include <QTest>

#include <algorithm>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

using Subject = Rule::Subject;
using Direction = Rule::Direction;
using Alerts = std::vector<Alert>;

constexpr std::uint64_t threshold = 1000;
constexpr char curl[] = "exe:/usr/bin/curl";

Rule rate_rule(Subject subject = Subject::Total, const char* target = "") {
    Rule rule;
    rule.id = "fast";
    rule.subject = subject;
    rule.target = target;
    rule.direction = Direction::Rx;
    rule.threshold = threshold;
    return rule;
}

Traffic moving(std::optional<double> rx, std::optional<double> tx = 0) {
    Traffic traffic;
    traffic.rx_rate = rx;
    traffic.tx_rate = tx;
    traffic.accuracy = Accuracy::Exact;
    return traffic;
}

App app(const char* id, const char* name, std::optional<double> rate) {
    App made;
    made.id = id;
    made.name = name;
    made.traffic = moving(rate);
    return made;
}

Interface interface(const char* name, std::optional<double> rate, std::uint32_t netns = 1) {
    Interface made;
    made.id.netns = netns;
    made.name = name;
    made.total = moving(rate);
    return made;
}

/// A machine with an evaluator, and the clocks of both in the hands of the test.
struct Machine {
    explicit Machine(std::vector<Rule> rules, Alerts earlier = {}) : evaluator(std::move(earlier), 7) {
        evaluator.set_rules(std::move(rules));
        now.netns = 1;
        now.time.boottime = 5000s;
        now.time.realtime = 1'800'000'000s;
    }

    /// A sample `step` after the one before.
    Alerts sample(std::chrono::nanoseconds step = 1s) {
        now.interval = evaluated ? step : 0s;
        now.time.boottime += step;
        now.time.realtime += step;
        evaluated = true;
        return evaluator.evaluate_rates(now, {"eth0", "eth1"});
    }
    Alerts sample(std::optional<double> total, std::chrono::nanoseconds step = 1s) {
        now.total = moving(total);
        return sample(step);
    }
    /// What changed in `count` samples.
    Alerts samples(int count, std::optional<double> total) {
        now.total = moving(total);
        return several(count);
    }
    Alerts several(int count) {
        Alerts all;
        for (int i = 0; i < count; ++i)
            std::ranges::copy(sample(), std::back_inserter(all));
        return all;
    }

    Evaluator evaluator;
    Snapshot now;
    bool evaluated = false;
};

Alert earlier(const Rule& rule, const char* subject = "", const char* name = "total") {
    Alert alert;
    alert.number = 3;
    alert.rule = rule.id;
    alert.kind = rule.subject;
    alert.subject = subject;
    alert.name = name;
    alert.raised = 1'799'999'000s;
    alert.value = 2000;
    alert.threshold = rule.threshold;
    return alert;
}

} // namespace

class EvaluatorTest : public QObject {
    Q_OBJECT

private slots:
    void aRateAboveForTheWholeTimeRaises() {
        Machine machine({rate_rule()});
        QVERIFY(machine.sample(std::nullopt).empty());
        QVERIFY(machine.samples(9, 1001).empty());
        const Alerts raised = machine.sample(1500);
        QCOMPARE(raised.size(), 1U);
        const Alert& alert = raised.front();
        QCOMPARE(alert.number, 7U);
        QCOMPARE(alert.rule, "fast");
        QCOMPARE(alert.text, "this machine received more than 1 kB/s for 10 s");
        QCOMPARE(alert.subject, "");
        QVERIFY(alert.active);
        QVERIFY(!alert.cleared);
        QCOMPARE(alert.value, 1500U);
        QCOMPARE(alert.threshold, threshold);
        QVERIFY(alert.raised == machine.now.time.realtime);
        QVERIFY(machine.evaluator.active() == raised);
    }

    void aRateAtTheThresholdIsNotAbove() {
        Machine machine({rate_rule()});
        QVERIFY(machine.samples(100, 1000).empty());
        QCOMPARE(machine.samples(11, 1000.001).size(), 1U);
    }

    void oneSampleBelowBeginsAnew() {
        Machine machine({rate_rule()});
        QVERIFY(machine.samples(10, 2000).empty());
        QVERIFY(machine.sample(999).empty());
        QVERIFY(machine.samples(9, 2000).empty());
        QCOMPARE(machine.sample(2000).size(), 1U);
    }

    void aRateClearsBelowNineTenthsForTheWholeTime() {
        Machine machine({rate_rule()});
        QCOMPARE(machine.samples(11, 2000).size(), 1U);
        QVERIFY(machine.samples(100, 900).empty());
        QVERIFY(machine.samples(9, 899).empty());
        const Alerts cleared = machine.sample(899);
        QCOMPARE(cleared.size(), 1U);
        QVERIFY(!cleared.front().active);
        QCOMPARE(cleared.front().number, 7U);
        QVERIFY(cleared.front().cleared == machine.now.time.realtime);
        QVERIFY(machine.evaluator.active().empty());
    }

    void flappingAroundTheThresholdIsOneAlert() {
        Machine machine({rate_rule()});
        Alerts changes;
        for (int i = 0; i < 100; ++i) {
            std::ranges::copy(machine.samples(11, 1100), std::back_inserter(changes));
            std::ranges::copy(machine.samples(5, 100), std::back_inserter(changes));
        }
        QCOMPARE(changes.size(), 1U);
        QVERIFY(changes.front().active);
    }

    void theFirstSampleDecidesNothing() {
        Rule rule = rate_rule();
        rule.seconds = 1;
        Machine machine({rule});
        QVERIFY(machine.sample(std::nullopt).empty());
        QCOMPARE(machine.sample(2000).size(), 1U);
    }

    void aRateThatIsNotKnownNeitherRaisesNorClearsAtOnce() {
        Machine machine({rate_rule()});
        QVERIFY(machine.samples(10, 2000).empty());
        QVERIFY(machine.sample(std::nullopt).empty()); // a counter was reset
        QVERIFY(machine.samples(9, 2000).empty());
        QCOMPARE(machine.sample(2000).size(), 1U);
        QVERIFY(machine.samples(9, std::nullopt).empty());
        QVERIFY(machine.samples(100, 950).empty());
    }

    void anAlertThatNothingConfirmsAnyMoreClears() {
        Machine machine({rate_rule()});
        machine.samples(11, 2000);
        QVERIFY(machine.samples(10, std::nullopt).empty());
        QCOMPARE(machine.sample(std::nullopt).size(), 1U);
    }

    void whatIsNotMeasurableHasNoRate() {
        Machine machine({rate_rule(Subject::App)});
        machine.now.apps = {app(curl, "curl", 2000)};
        machine.now.apps.front().traffic.accuracy = Accuracy::Unavailable;
        QVERIFY(machine.several(30).empty());
    }

    void anHourAsleepRaisesNothing() {
        Machine machine({rate_rule()});
        QVERIFY(machine.samples(5, 2000).empty());
        QVERIFY(machine.sample(2000, 1h).empty());
        QVERIFY(machine.samples(9, 2000).empty());
        QCOMPARE(machine.sample(2000).size(), 1U);
    }

    void anHourAsleepClearsNothing() {
        Machine machine({rate_rule()});
        machine.samples(11, 2000);
        QVERIFY(machine.sample(0, 1h).empty());
        QVERIFY(machine.samples(5, 2000).empty());
        QCOMPARE(machine.evaluator.active().size(), 1U);
    }

    void theWallClockDoesNotCount() {
        Machine machine({rate_rule()});
        machine.samples(5, 2000);
        machine.now.time.realtime += 1h;
        QVERIFY(machine.sample(2000).empty());
        machine.now.time.realtime -= 24h;
        QCOMPARE(machine.samples(5, 2000).size(), 1U);
        machine.now.time.realtime -= 24h;
        const Alerts cleared = machine.samples(10, 0);
        QCOMPARE(cleared.size(), 1U);
        QVERIFY(cleared.front().cleared == cleared.front().raised); // and never before it
    }

    void bothDirectionsAreAddedUp() {
        Rule both = rate_rule();
        both.direction = Direction::Both;
        Rule sent = rate_rule();
        sent.id = "sent";
        sent.direction = Direction::Tx;
        Machine machine({both, sent});
        machine.now.total = moving(600, 600);
        const Alerts raised = machine.several(11);
        QCOMPARE(raised.size(), 1U);
        QCOMPARE(raised.front().rule, "fast");
        QCOMPARE(raised.front().value, 1200U);
        machine.now.total = moving(0, 1001);
        QCOMPARE(machine.several(11).size(), 1U);
    }

    void withoutATargetEachAppIsASubject() {
        Machine machine({rate_rule(Subject::App)});
        machine.now.apps = {app(curl, "curl", 2000), app("exe:/usr/bin/nc", "", 3000),
                            app("idle", "idle", 10), app("kernel", "kernel", 9000)};
        const Alerts raised = machine.several(11);
        QCOMPARE(raised.size(), 2U);
        QCOMPARE(raised[0].subject, curl);
        QCOMPARE(raised[0].name, "curl");
        QCOMPARE(raised[0].text, "curl received more than 1 kB/s for 10 s");
        QCOMPARE(raised[1].name, "exe:/usr/bin/nc");
        QVERIFY(raised[0].number < raised[1].number);
        QVERIFY(raised[0].kind == Subject::App);
    }

    void anAppThatEndedMovesNothing() {
        Machine machine({rate_rule(Subject::App, "CURL")});
        machine.now.apps = {app(curl, "curl", 2000)};
        QCOMPARE(machine.several(11).size(), 1U);
        machine.now.apps.clear();
        QVERIFY(machine.several(9).empty());
        const Alerts cleared = machine.several(1);
        QCOMPARE(cleared.size(), 1U);
        QCOMPARE(cleared.front().name, "curl");
    }

    void anAppThatComesAndGoesBeginsAnew() {
        Machine machine({rate_rule(Subject::App)});
        machine.now.apps = {app(curl, "curl", 2000)};
        machine.several(9);
        machine.now.apps.clear();
        machine.several(1);
        machine.now.apps = {app(curl, "curl", 2000)};
        QVERIFY(machine.several(9).empty());
        QCOMPARE(machine.several(1).size(), 1U);
    }

    void aThousandAppsGiveABoundedNumberOfAlerts() {
        Machine machine({rate_rule(Subject::App)});
        for (int i = 0; i < 1000; ++i)
            machine.now.apps.push_back(app(("app" + std::to_string(1000 + i)).c_str(), "", 2000));
        QCOMPARE(machine.several(20).size(), Evaluator::most_alerts);
        machine.now.apps.erase(machine.now.apps.begin(), machine.now.apps.begin() + 10);
        const Alerts changes = machine.several(11);
        QCOMPARE(std::ranges::count(changes, false, &Alert::active), 10);
        QCOMPARE(std::ranges::count(changes, true, &Alert::active), 10);
        QCOMPARE(machine.evaluator.active().size(), Evaluator::most_alerts);
    }

    void withoutATargetEachMonitoredInterfaceIsASubject() {
        Machine machine({rate_rule(Subject::Interface)});
        machine.now.interfaces = {interface("eth0", 2000), interface("eth1", 10), interface("lo", 2000),
                                  interface("eth1", 2000, 2)};
        const Alerts raised = machine.several(11);
        QCOMPARE(raised.size(), 1U);
        QCOMPARE(raised.front().subject, "eth0");
    }

    void aNamedInterfaceNeedNotBeMonitored() {
        Machine machine({rate_rule(Subject::Interface, "lo")});
        machine.now.interfaces = {interface("eth0", 2000), interface("lo", 2000)};
        const Alerts raised = machine.several(11);
        QCOMPARE(raised.size(), 1U);
        QCOMPARE(raised.front().subject, "lo");
    }

    void aRuleThatGoesClearsItsAlert_data() {
        QTest::addColumn<int>("change");
        QTest::newRow("removed") << 0;
        QTest::newRow("disabled") << 1;
        QTest::newRow("another threshold") << 2;
        QTest::newRow("another direction") << 3;
        QTest::newRow("a day's amount") << 4;
    }

    void aRuleThatGoesClearsItsAlert() {
        QFETCH(int, change);
        Machine machine({rate_rule()});
        machine.samples(11, 2000);
        Rule rule = rate_rule();
        rule.enabled = change != 1;
        rule.threshold += change == 2;
        rule.direction = change == 3 ? Direction::Both : Direction::Rx;
        rule.measure = change == 4 ? Rule::Measure::Day : Rule::Measure::Rate;
        machine.evaluator.set_rules(change == 0 ? std::vector<Rule>{} : std::vector<Rule>{rule});
        QVERIFY(machine.evaluator.active().empty());
        const Alerts cleared = machine.sample(2000);
        QCOMPARE(cleared.size(), 1U);
        QCOMPARE(cleared.front().number, 7U);
        QVERIFY(cleared.front().cleared == machine.now.time.realtime);
        QVERIFY(machine.samples(5, 2000).empty());
    }

    void anotherTextChangesNothing() {
        Machine machine({rate_rule()});
        machine.samples(11, 2000);
        Rule rule = rate_rule();
        rule.text = "too fast";
        machine.evaluator.set_rules({rule});
        QVERIFY(machine.samples(100, 2000).empty());
        QCOMPARE(machine.evaluator.active().size(), 1U);
        machine.samples(10, 0);
        QCOMPARE(machine.samples(11, 2000).front().text, "too fast");
    }

    void anAlertOfAnEarlierRunGoesOn() {
        const Rule rule = rate_rule();
        Machine machine({rule}, {earlier(rule)});
        QCOMPARE(machine.evaluator.active().size(), 1U);
        QVERIFY(machine.sample(std::nullopt).empty());
        QVERIFY(machine.samples(100, 2000).empty());
        const Alerts cleared = machine.samples(10, 10);
        QCOMPARE(cleared.size(), 1U);
        QCOMPARE(cleared.front().number, 3U);
        QVERIFY(!cleared.front().active);
        QCOMPARE(cleared.front().value, 2000U);
        QCOMPARE(machine.samples(11, 2000).front().number, 7U);
    }

    void anAlertOfAnEarlierRunEndsWithItsRule() {
        const Rule rule = rate_rule();
        Alert gone = earlier(rule);
        gone.rule = "gone";
        Alert changed = earlier(rule);
        changed.threshold = 10;
        Machine machine({rule}, {gone, changed});
        QCOMPARE(machine.evaluator.active().size(), 0U);
        const Alerts cleared = machine.sample(std::nullopt);
        QCOMPARE(cleared.size(), 2U);
        QVERIFY(std::ranges::all_of(cleared, [](const Alert& alert) { return alert.cleared.has_value(); }));
    }

    void aDisabledRuleHasNoAlert() {
        Rule rule = rate_rule();
        rule.enabled = false;
        Machine machine({rule}, {earlier(rule)});
        QCOMPARE(machine.samples(20, 2000).size(), 1U); // the end of the old one
    }

    void ofTwoAlertsOfOneSubjectOneGoesOn() {
        const Rule rule = rate_rule();
        Alert second = earlier(rule);
        second.number = 4;
        Machine machine({rule}, {earlier(rule), second});
        const Alerts cleared = machine.sample(2000);
        QCOMPARE(cleared.size(), 1U);
        QCOMPARE(cleared.front().number, 3U);
        QCOMPARE(machine.evaluator.active().front().number, 4U);
    }
};

QTEST_GUILESS_MAIN(EvaluatorTest)
#include "evaluator_test.moc"
