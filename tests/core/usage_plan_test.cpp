// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/time_zone.hpp"
#include "history/usage_plan.hpp"

#include <QTest>

#include <random>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

namespace {

constexpr seconds new_year{1'767'225'600}; // 2026-01-01 00:00 UTC

seconds& of(Horizons& horizons, Tier tier) {
    return horizons[static_cast<std::size_t>(tier)];
}

} // namespace

class UsagePlanTest : public QObject {
    Q_OBJECT

    const TimeZone zone_{"UTC"};
    Calendar calendar_;

    UsagePlan plan(seconds from, seconds to, Horizons horizons = {}, Tier coarsest = Tier::Year) const {
        return plan_usage({from, to}, coarsest, calendar_, horizons);
    }

private slots:
    void initTestCase() { calendar_.extend(new_year + days(800)); }

    void endsAreFineAndTheMiddleIsCoarse() {
        const UsagePlan made = plan(new_year + 30s, new_year + days(40) + 2h);
        const std::vector<UsageSegment> expected{
            {Tier::Second, new_year + 30s, new_year + 1min},
            {Tier::Minute, new_year + 1min, new_year + 1h},
            {Tier::Hour, new_year + 1h, new_year + days(1)},
            {Tier::Day, new_year + days(1), new_year + days(40)},
            {Tier::Hour, new_year + days(40), new_year + days(40) + 2h},
        };
        QVERIFY(made.segments == expected);
        QVERIFY((made.window == TimeWindow{new_year + 30s, new_year + days(40) + 2h}));
        QCOMPARE(made.step, 0s);
    }

    void wholeIntervalsAreTakenWhole() {
        QVERIFY((plan(new_year, new_year + days(365)).segments ==
                 std::vector<UsageSegment>{{Tier::Year, new_year, new_year + days(365)}}));
        QVERIFY((plan(new_year, new_year + days(31)).segments ==
                 std::vector<UsageSegment>{{Tier::Month, new_year, new_year + days(31)}}));
    }

    void noIntervalIsCoarserThanTheBuckets() {
        const UsagePlan made = plan(new_year, new_year + days(365), {}, Tier::Day);
        QVERIFY((made.segments == std::vector<UsageSegment>{{Tier::Day, new_year, new_year + days(365)}}));
    }

    void whereTheFineTierIsGoneTheWindowWidens() {
        Horizons horizons{};
        of(horizons, Tier::Second) = of(horizons, Tier::Minute) = of(horizons, Tier::Hour) =
            new_year + days(10);
        const UsagePlan made = plan(new_year + 5h, new_year + days(12) + 5h, horizons);
        QVERIFY((made.segments ==
                 std::vector<UsageSegment>{{Tier::Day, new_year, new_year + days(12)},
                                           {Tier::Hour, new_year + days(12), new_year + days(12) + 5h}}));
        QVERIFY((made.window == TimeWindow{new_year, new_year + days(12) + 5h}));
        QCOMPARE(made.step, 24h);
        const UsagePlan within = plan(new_year + 5h, new_year + 6h, horizons);
        QVERIFY((within.window == TimeWindow{new_year, new_year + days(1)}));
    }

    void bucketsThatAreTooFineGetWhatThereIs() {
        Horizons horizons{};
        of(horizons, Tier::Second) = of(horizons, Tier::Minute) = new_year + days(1);
        const UsagePlan made = plan(new_year, new_year + days(2), horizons, Tier::Minute);
        QVERIFY((made.segments ==
                 std::vector<UsageSegment>{{Tier::Hour, new_year, new_year + days(1)},
                                           {Tier::Minute, new_year + days(1), new_year + days(2)}}));
    }

    void endsBeyondEverythingCutNothing() {
        Horizons horizons{};
        of(horizons, Tier::Second) = of(horizons, Tier::Minute) = of(horizons, Tier::Hour) = new_year;
        const UsagePlan made = plan(since_ever, for_ever, horizons);
        QVERIFY((made.segments == std::vector<UsageSegment>{{Tier::Year, since_ever, for_ever}}));
        QCOMPARE(made.step, 0s);
    }

    void theCoarsestTierNestsInTheBuckets() {
        using Unit = UsageBucket::Unit;
        QCOMPARE(coarsest_tier({Unit::Whole}, calendar_), Tier::Year);
        QCOMPARE(coarsest_tier({Unit::Seconds, 86'400s}, calendar_), Tier::Hour);
        QCOMPARE(coarsest_tier({Unit::Seconds, 300s}, calendar_), Tier::Minute);
        QCOMPARE(coarsest_tier({Unit::Seconds, 90s}, calendar_), Tier::Second);
        const TimeZone kolkata("Asia/Kolkata");
        QCOMPARE(coarsest_tier({Unit::Seconds, 3600s}, Calendar()), Tier::Minute);
    }

    void segmentsFollowEachOtherAndCoverTheWindow() {
        std::mt19937 random(1);
        const auto time = [&] { return new_year - days(700) + seconds(random() % (1400 * 86'400)); };
        for (int i = 0; i < 5000; ++i) {
            Horizons horizons{};
            seconds horizon{0};
            for (const Tier tier : {Tier::Day, Tier::Hour, Tier::Minute, Tier::Second}) {
                horizon = calendar_.next(coarser(tier), std::max(horizon, time()));
                of(horizons, tier) = horizon;
            }
            const seconds from = time();
            const seconds to = from + seconds(random() % (random() % 2 ? 4'000 : 40'000'000));
            const Tier coarsest = static_cast<Tier>(random() % 6);
            const UsagePlan made = plan(from, to, horizons, coarsest);
            if (from == to)
                continue;
            QCOMPARE(made.segments.front().from, made.window.from);
            QCOMPARE(made.segments.back().to, made.window.to);
            QVERIFY(made.window.from <= from && made.window.to >= to);
            seconds at = made.window.from;
            for (const UsageSegment& segment : made.segments) {
                QCOMPARE(segment.from, at);
                QVERIFY(segment.to > segment.from);
                QVERIFY(segment.from >= of(horizons, segment.tier));
                QCOMPARE(calendar_.begin(segment.tier, segment.from), segment.from);
                QCOMPARE(calendar_.begin(segment.tier, segment.to), segment.to);
                at = segment.to;
            }
        }
    }
};

QTEST_GUILESS_MAIN(UsagePlanTest)
#include "usage_plan_test.moc"
