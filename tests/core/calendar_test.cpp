// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/time_zone.hpp"
#include "history/calendar.hpp"

#include <sockledger/history.hpp>

#include <QTest>

#include <random>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

namespace {

constexpr seconds y2026 = 1'767'225'600s; // 2026-01-01 00:00 UTC

Calendar calendar_of(const char* zone, seconds until = y2026 + days(370)) {
    const TimeZone here(zone);
    Calendar calendar;
    calendar.extend(until);
    return calendar;
}

/// The local day that holds noon UTC of that date.
std::pair<seconds, seconds> day_of(const Calendar& calendar, std::chrono::year_month_day date) {
    const seconds noon = std::chrono::sys_days(date).time_since_epoch() + 12h;
    return {calendar.begin(Tier::Day, noon), calendar.next(Tier::Day, noon)};
}

seconds length(std::pair<seconds, seconds> interval) {
    return interval.second - interval.first;
}

using std::chrono::year;

} // namespace

class CalendarTest : public QObject {
    Q_OBJECT

private slots:
    void daysFollowTheClockOnTheWall() {
        const Calendar berlin = calendar_of("Europe/Berlin");
        QCOMPARE(length(day_of(berlin, year(2026) / 3 / 28)), 24h);
        QCOMPARE(length(day_of(berlin, year(2026) / 3 / 29)), 23h);
        QCOMPARE(length(day_of(berlin, year(2026) / 10 / 25)), 25h);
        QCOMPARE(day_of(berlin, year(2026) / 7 / 1).first, seconds(1'782'856'800)); // 2026-06-30 22:00 UTC
        const Calendar lord_howe = calendar_of("Australia/Lord_Howe");
        QCOMPARE(length(day_of(lord_howe, year(2026) / 10 / 4)), 23h + 30min);
        QCOMPARE(length(day_of(lord_howe, year(2026) / 4 / 5)), 24h + 30min);
    }

    void midnightThatComesTwiceBeginsOneDay() {
        // Cuba sets 01:00 back to 00:00
        const Calendar havana = calendar_of("America/Havana");
        const auto day = day_of(havana, year(2026) / 11 / 1);
        QCOMPARE(length(day), 25h);
        QCOMPARE(havana.begin(Tier::Day, day.first + 90min), day.first);
        // and sets 00:00 forward to 01:00: the day begins at one
        QCOMPARE(length(day_of(havana, year(2026) / 3 / 8)), 23h);
    }

    void hoursBeginWithTheLocalOnes() {
        const Calendar kolkata = calendar_of("Asia/Kolkata");
        QCOMPARE(kolkata.begin(Tier::Hour, y2026 + 10min), y2026 - 30min);
        QCOMPARE(kolkata.next(Tier::Hour, y2026 + 10min), y2026 + 30min);
        QVERIFY(!kolkata.whole_hours());
        QVERIFY(calendar_of("Europe/Berlin").whole_hours());
    }

    void anHourEndsWhereTheOffsetChanges() {
        const Calendar lord_howe = calendar_of("Australia/Lord_Howe");
        // 2026-04-05 02:00 (+11:00) is set back to 01:30 (+10:30): 15:00 UTC of the day before
        const seconds change = std::chrono::sys_days(year(2026) / 4 / 4).time_since_epoch() + 15h;
        QCOMPARE(lord_howe.begin(Tier::Hour, change - 1s), change - 1h);
        QCOMPARE(lord_howe.begin(Tier::Hour, change), change);
        QCOMPARE(lord_howe.next(Tier::Hour, change), change + 30min);
    }

    void eachIntervalLiesInOneOfTheNextTier_data() {
        QTest::addColumn<QByteArray>("zone");
        for (const char* zone :
             {"UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana",
              "Africa/Casablanca", "Asia/Beirut", "America/Nuuk", "Pacific/Chatham"})
            QTest::newRow(zone) << QByteArray(zone);
    }

    void eachIntervalLiesInOneOfTheNextTier() {
        QFETCH(QByteArray, zone);
        const Calendar calendar = calendar_of(zone.constData());
        std::mt19937 random(1);
        for (int i = 0; i < 20'000; ++i) {
            const seconds time = Calendar::first_time + seconds(random() % (6 * 365 * 86'400));
            for (const Tier tier : {Tier::Minute, Tier::Hour, Tier::Day, Tier::Month}) {
                const seconds begin = calendar.begin(tier, time);
                const seconds next = calendar.next(tier, time);
                QVERIFY(begin <= time && time < next);
                QCOMPARE(calendar.begin(tier, next - 1s), begin);
                QCOMPARE(calendar.begin(tier, next), next);
                const Tier wider = coarser(tier);
                QVERIFY(calendar.begin(wider, begin) <= begin);
                QVERIFY(next <= calendar.next(wider, begin));
            }
        }
    }

    void aJourneyLeavesThePastWhereItWas() {
        const Calendar home = calendar_of("Europe/Berlin", y2026);
        const seconds left = y2026 + days(20) + 9h;
        const TimeZone away("America/New_York");
        Calendar calendar(home.offsets(), left);
        calendar.extend(left + days(3));
        QCOMPARE(calendar.begin(Tier::Day, left - days(2)), home.begin(Tier::Day, left - days(2)));
        QCOMPARE(calendar.begin(Tier::Month, left), home.begin(Tier::Month, left));
        // six hours longer, as for the traveller
        QCOMPARE(calendar.next(Tier::Day, left) - calendar.begin(Tier::Day, left), 30h);
        QCOMPARE(calendar.begin(Tier::Day, left + days(2)), y2026 + days(22) + 5h);
    }

    void aDayMayComeTwiceBeyondTheDateLine() {
        const Calendar home = calendar_of("Pacific/Auckland", y2026);
        const seconds left = y2026 + days(20) + 3h; // the 21st there, still the 20th in Hawaii
        const TimeZone away("Pacific/Honolulu");
        Calendar calendar(home.offsets(), left);
        calendar.extend(left + days(3));
        QCOMPARE(calendar.begin(Tier::Day, left), left);
        QCOMPARE(calendar.next(Tier::Day, left - 1s), left);
        QCOMPARE(calendar.next(Tier::Day, left), y2026 + days(20) + 10h);
    }

    void whatWasLivedIsLearntOnce() {
        const Calendar whole = calendar_of("Europe/Berlin");
        const Calendar half = calendar_of("Europe/Berlin", y2026 - days(500));
        const TimeZone here("Europe/Berlin");
        Calendar again(half.offsets(), y2026 - days(500) + 40 * 24h);
        again.extend(y2026 + days(370));
        QCOMPARE(again.offsets().size(), whole.offsets().size());
        QVERIFY(again.offsets() == whole.offsets());
    }

    void windowsHaveLocalNames() {
        const TimeZone here("Europe/Berlin");
        const seconds now = std::chrono::sys_days(year(2026) / 10 / 25).time_since_epoch() + 9h;
        QCOMPARE(today(now).to - today(now).from, 25h);
        QCOMPARE(this_month(now).to - this_month(now).from, days(31) + 1h);
        QCOMPARE(last(1h, now).from, now - 1h);
        QCOMPARE(last(1h, now).to, now);
    }

    void aBillingCycleBeginsOnItsDayOrTheLastOfTheMonth() {
        const TimeZone here("UTC");
        const auto at = [](std::chrono::year_month_day date) {
            return seconds(std::chrono::sys_days(date).time_since_epoch());
        };
        const auto cycle = [&](int day, std::chrono::year_month_day date) {
            return this_cycle(day, at(date) + 5h);
        };
        QVERIFY((cycle(17, year(2026) / 11 / 21) ==
                 TimeWindow{at(year(2026) / 11 / 17), at(year(2026) / 12 / 17)}));
        QVERIFY((cycle(17, year(2026) / 1 / 16) ==
                 TimeWindow{at(year(2025) / 12 / 17), at(year(2026) / 1 / 17)}));
        QVERIFY(
            (cycle(17, year(2026) / 1 / 17) == TimeWindow{at(year(2026) / 1 / 17), at(year(2026) / 2 / 17)}));
        QVERIFY(
            (cycle(31, year(2026) / 2 / 27) == TimeWindow{at(year(2026) / 1 / 31), at(year(2026) / 2 / 28)}));
        QVERIFY(
            (cycle(31, year(2026) / 2 / 28) == TimeWindow{at(year(2026) / 2 / 28), at(year(2026) / 3 / 31)}));
        QVERIFY(
            (cycle(1, year(2026) / 3 / 31) == TimeWindow{at(year(2026) / 3 / 1), at(year(2026) / 4 / 1)}));
    }
};

QTEST_GUILESS_MAIN(CalendarTest)
#include "calendar_test.moc"
