// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr seconds noon = noon_of_june_1;
using Unit = UsageBucket::Unit;

} // namespace

class StoreUsageTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> directory_;
    StoreOptions options_;
    const TimeZone zone_{"UTC"};

private slots:
    void init() {
        directory_ = std::make_unique<QTemporaryDir>();
        options_ = {};
        options_.path = directory_->filePath("history.db").toStdString();
    }

    void onlyCountedInterfacesAreInTheTotal() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 1, 0), part("a", 10, 0, "docker0", false),
                                       part("a", 100, 0, std::string(other_namespaces), true),
                                       part("b", 1000, 0, "wlan0")}));
        for (const bool flushed : {false, true}) {
            QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 1001);
            const Usage interfaces = ask(*store, question(noon, noon + 1h, UsageGroup::Interface));
            QCOMPARE(interfaces.rows.size(), 2u);
            QCOMPARE(interfaces.rows[0].interface, "eth0");
            QCOMPARE(interfaces.rows[1].interface, "wlan0");
            UsageQuery one = question(noon, noon + 1h, UsageGroup::AppInterface);
            for (const auto& [name, bytes] :
                 {std::pair("docker0", 10), std::pair("(other namespaces)", 100), std::pair("eth0", 1)}) {
                one.interface = name;
                const Usage usage = ask(*store, one);
                QCOMPARE(usage.rows.size(), 1u);
                QCOMPARE(usage.rows[0].interface, name);
                QCOMPARE(usage.rows[0].rx_bytes, bytes);
            }
            if (!flushed)
                QVERIFY(store->flush(noon));
        }
    }

    void anInterfaceThatWasCountedAtTimesIsOneByName() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 1, 0, "wlan0", true), part("a", 10, 0, "wlan0", false)}));
        UsageQuery query = question(noon, noon + 1h, UsageGroup::Interface);
        QCOMPARE(ask(*store, query).rx_bytes, 1);
        query.interface = "wlan0";
        const Usage usage = ask(*store, query);
        QCOMPARE(usage.rows.size(), 1u);
        QCOMPARE(usage.rows[0].rx_bytes, 11);
        const auto known = store->interfaces();
        QVERIFY(known);
        QCOMPARE(known->size(), 1u);
        QCOMPARE(known->front().name, "wlan0");
        QVERIFY(known->front().last_seen == noon);
    }

    void oneAppStandsBesideTheTotal() {
        auto store = open_store(options_);
        for (int day = 0; day < 40; ++day)
            store->append(increment(noon + 24h * day,
                                    {part("a", 1, 2), part("b", 10, 20), part("a", 100, 0, "wlan0")}));
        QVERIFY(store->flush(noon + 24h * 40));
        UsageQuery query = question(noon - 12h, noon + 24h * 40, UsageGroup::App, Unit::Month);
        query.app = "a";
        const Usage usage = ask(*store, query);
        QCOMPARE(usage.rows.size(), 2u);
        QCOMPARE(usage.rows[0].rx_bytes, 30 * 101);
        QCOMPARE(usage.rows[1].rx_bytes, 10 * 101);
        QCOMPARE(usage.rows[1].tx_bytes, 10 * 2);
        QCOMPARE(usage.rx_bytes, 40 * 111);
        QCOMPARE(usage.tx_bytes, 40 * 22);
        query.app = "never seen";
        QVERIFY(ask(*store, query).rows.empty());
        QCOMPARE(ask(*store, query).rx_bytes, 40 * 111);
    }

    void aSumIsAsGoodAsItsWorstTerm() {
        auto store = open_store(options_);
        store->append(
            increment(noon, {part("a", 1, 0), part("a", 1, 0, "wlan0", true, Accuracy::Estimated)}));
        QVERIFY(store->flush(noon));
        store->append(increment(noon, {part("a", 1, 0, "eth0", true, Accuracy::Partial)}));
        QCOMPARE(ask(*store, question(noon, noon + 1h, UsageGroup::App)).rows[0].accuracy,
                 Accuracy::Estimated);
        for (const bool flushed : {false, true}) {
            const Usage by_both = ask(*store, question(noon, noon + 1h, UsageGroup::AppInterface));
            QCOMPARE(by_both.rows[0].accuracy, Accuracy::Partial);
            if (!flushed)
                QVERIFY(store->flush(noon));
        }
        // of an interface alone the device knows
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rows[0].accuracy, Accuracy::Exact);
    }

    void bucketsAreLocalAndCutToTheWindow() {
        const TimeZone kolkata("Asia/Kolkata");
        auto store = open_store(options_);
        for (int hour = 0; hour < 48; ++hour)
            store->append(increment(noon + 1h * hour, {part("a", 1, 0)}));
        const Usage days = ask(*store, question(noon, noon + 48h, UsageGroup::Total, Unit::Day));
        QCOMPARE(days.rows.size(), 3u);
        const seconds midnight = noon + 6h + 30min; // 18:30 UTC
        QVERIFY((days.rows[0].window == TimeWindow{noon, midnight}));
        QVERIFY((days.rows[1].window == TimeWindow{midnight, midnight + 24h}));
        QVERIFY((days.rows[2].window == TimeWindow{midnight + 24h, noon + 48h}));
        QCOMPARE(days.rows[0].rx_bytes, 7);
        QCOMPARE(days.rows[1].rx_bytes, 24);
        const Usage hours = ask(*store, question(noon, noon + 2h, UsageGroup::Total, Unit::Hour));
        QVERIFY((hours.rows[1].window == TimeWindow{noon + 30min, noon + 90min}));
        const Usage halves = ask(*store, question(noon, noon + 2h, UsageGroup::Total, Unit::Seconds, 30min));
        QCOMPARE(halves.rows.size(), 2u);
        QVERIFY((halves.rows[1].window == TimeWindow{noon + 1h, noon + 90min}));
    }

    void aJourneyDoesNotMoveThePast() {
        const auto days_of = [&](Store& store) {
            std::vector<std::pair<TimeWindow, std::int64_t>> days;
            for (const UsageRow& row :
                 ask(store, question(noon - 24h * 100, noon + 24h * 80, UsageGroup::Total, Unit::Day)).rows)
                days.emplace_back(row.window, row.rx_bytes);
            return days;
        };
        std::vector<std::pair<TimeWindow, std::int64_t>> at_home;
        {
            const TimeZone berlin("Europe/Berlin");
            auto store = open_store(options_);
            for (int hour = 0; hour < 24 * 70; ++hour)
                store->append(increment(noon + 1h * hour, {part("a", hour, 0)}));
            QVERIFY(store->flush(noon + 24h * 70));
            at_home = days_of(*store);
            QCOMPARE(at_home.size(), 71u);
        }
        const TimeZone new_york("America/New_York");
        auto store = open_store(options_);
        const auto looked_back = days_of(*store);
        QCOMPARE(looked_back.size(), at_home.size());
        QVERIFY(std::equal(at_home.begin(), at_home.end() - 1, looked_back.begin()));
        // the last day goes on for six more hours
        QCOMPARE(looked_back.back().second, at_home.back().second);
        store->append(increment(noon + 24h * 72, {part("a", 1, 0)}));
        QVERIFY(store->flush(noon + 24h * 72));
        const auto away = days_of(*store);
        QVERIFY(std::equal(at_home.begin(), at_home.end() - 1, away.begin()));
        QCOMPARE(away.back().first.from, noon + 24h * 71 + 16h); // 04:00 UTC
        const Usage months =
            ask(*store, question(noon - 24h * 100, noon + 24h * 80, UsageGroup::Total, Unit::Month));
        QCOMPARE(months.rows.front().window.to, noon + 24h * 29 + 10h); // July begins at 22:00 UTC, as it did
        // days of the new zone are put together of hours
        const Usage cut = ask(*store, question(noon + 16h, noon + 24h * 9 + 16h));
        QVERIFY(cut.step == 0s);
        QCOMPARE(cut.rx_bytes, (16 + 24 * 9 + 15) * 24 * 9 / 2);
    }

    void theLastHourIsKnownToTheSecond() {
        auto store = open_store(options_);
        for (int second = 0; second < 3600; ++second)
            store->append(increment(noon + seconds(second), {part("a", 1, 0)}));
        QVERIFY(store->flush(noon + 1h));
        const Usage usage = ask(*store, question(noon + 10s, noon + 40min + 17s));
        QCOMPARE(usage.rx_bytes, 40 * 60 + 7);
        QCOMPARE(usage.step, 0s);
        const Usage each = ask(*store, question(noon + 59s, noon + 62s, UsageGroup::App, Unit::Seconds, 1s));
        QCOMPARE(each.rows.size(), 3u);
        QVERIFY((each.rows[1].window == TimeWindow{noon + 60s, noon + 61s}));
        // another run has the minutes only, and says so
        store = nullptr;
        store = open_store(options_);
        const Usage coarse = ask(*store, question(noon + 10s, noon + 40min + 17s));
        QVERIFY((coarse.window == TimeWindow{noon, noon + 41min}));
        QCOMPARE(coarse.step, 60s);
        QCOMPARE(coarse.rx_bytes, 41 * 60);
    }

    void secondsInMemoryAreBounded() {
        options_.most_second_rows = 100;
        auto store = open_store(options_);
        for (int second = 0; second < 600; ++second)
            store->append(increment(noon + seconds(second), {part("a", 1, 0)}));
        QCOMPARE(ask(*store, question(noon + 30s, noon + 300s)).rx_bytes, 300);
        QCOMPARE(ask(*store, question(noon + 30s, noon + 300s)).step, 60s);
        QCOMPARE(ask(*store, question(noon + 545s, noon + 555s)).rx_bytes, 10);
    }

    void untilNowNeedsNoFineIntervals() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 1, 0)}));
        store->append(increment(noon + 24h * 100 + 17s, {part("a", 2, 0)}));
        QVERIFY(store->flush(noon + 24h * 100 + 20s));
        store = nullptr;
        store = open_store(options_);
        const Usage usage = ask(*store, question(noon, noon + 24h * 100 + 60s));
        QCOMPARE(usage.step, 0s);
        QCOMPARE(usage.rx_bytes, 3);
    }

    void questionsWithoutSenseAreRefused() {
        auto store = open_store(options_);
        const auto reversed = store->usage(question(noon, noon - 1s));
        QVERIFY(!reversed);
        QCOMPARE(reversed.error().code, EINVAL);
        QVERIFY(!store->usage(question(noon, noon + 1s, UsageGroup::Total, Unit::Seconds, 0s)));
        QVERIFY(ask(*store, question(noon, noon)).rows.empty());
        QVERIFY(ask(*store, question(noon + 24h * 9000, noon + 24h * 9001)).rows.empty());
        QVERIFY(ask(*store, question(seconds::min(), seconds::max())).rows.empty());
    }

    void anAnswerThatNobodyCanReadIsRefused() {
        options_.most_second_rows = 1'000'000;
        auto store = open_store(options_);
        for (int second = 0; second < 600; ++second) {
            Increment made = increment(noon + seconds(second), {});
            for (int app = 0; app < 200; ++app)
                made.parts.push_back(part("app" + std::to_string(app), 1, 1));
            store->append(made);
        }
        const auto usage = store->usage(question(noon, noon + 10min, UsageGroup::App, Unit::Seconds, 1s));
        QVERIFY(!usage);
        QCOMPARE(usage.error().code, E2BIG);
        QVERIFY(QString::fromStdString(usage.error().message).contains("coarser bucket"));
        QCOMPARE(ask(*store, question(noon, noon + 10min, UsageGroup::App, Unit::Seconds, 60s)).rows.size(),
                 2000u);
    }
};

QTEST_GUILESS_MAIN(StoreUsageTest)
#include "store_usage_test.moc"
