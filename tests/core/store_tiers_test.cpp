// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"
#include "history/calendar.hpp"
#include "history/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <random>
#include <tuple>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

namespace {

/// Start of the interval, app, interface.
using Key = std::tuple<seconds, std::string, std::string>;
using Sums = std::map<Key, std::pair<std::int64_t, std::int64_t>>;

Sums rows_of(SQLite::Database& database, Tier tier, seconds from) {
    SQLite::Statement row(
        database,
        "SELECT start, app, interface, rx_bytes, tx_bytes FROM usage WHERE step = ? AND start >= ?");
    row.bind(1, std::string(to_string(tier)));
    row.bind(2, std::int64_t(from.count()));
    Sums sums;
    while (row.executeStep())
        sums[{seconds(row.getColumn(0).getInt64()), row.getColumn(1).getString(),
              row.getColumn(2).getString()}] = {row.getColumn(3).getInt64(), row.getColumn(4).getInt64()};
    return sums;
}

seconds horizon_of(SQLite::Database& database, Tier tier) {
    SQLite::Statement row(database, "SELECT value FROM meta WHERE key = ?");
    row.bind(1, horizon_key(tier));
    return seconds(row.executeStep() ? row.getColumn(0).getInt64() : 0);
}

} // namespace

class StoreTiersTest : public QObject {
    Q_OBJECT

    QTemporaryDir directory_;
    StoreOptions options_;
    std::mt19937 random_{3};
    Sums minutes_; ///< what was appended

    Increment random_increment(seconds time) {
        Increment made = increment(time, {});
        for (auto n = random_() % 6; n > 0; --n) {
            const std::string app = "app" + std::to_string(random_() % 12);
            const std::string interface = "eth" + std::to_string(random_() % 3);
            // what was in flight is taken back at times
            const std::int64_t rx = random_() % 10 == 0 ? -5 : random_() % 2'000'000;
            const std::int64_t tx = random_() % 5000;
            made.parts.push_back(part(app, rx, tx, interface));
            auto& sum = minutes_[{std::chrono::floor<std::chrono::minutes>(time), app, interface}];
            sum.first += rx;
            sum.second += tx;
        }
        return made;
    }

    seconds random_step() {
        switch (random_() % 12) {
        case 0:
            return days(random_() % 9); // off
        case 1:
            return -1h; // somebody sets the clock
        case 2:
            return 1h;
        case 3:
            return -seconds(random_() % 600);
        default:
            return seconds(random_() % 2000);
        }
    }

    /// What a tier must have, from its horizon on.
    Sums expected(const Calendar& calendar, Tier tier, seconds horizon) const {
        Sums sums;
        for (const auto& [key, amount] : minutes_) {
            const auto& [minute, app, interface] = key;
            const seconds start = calendar.begin(tier, minute);
            if (start < horizon)
                continue;
            auto& sum = sums[{start, app, interface}];
            sum.first += amount.first;
            sum.second += amount.second;
        }
        return sums;
    }

private slots:
    void everyTierAgreesAfterYears_data() {
        QTest::addColumn<QByteArray>("zone");
        for (const char* zone : {"UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"})
            QTest::newRow(zone) << QByteArray(zone);
    }

    void everyTierAgreesAfterYears() {
        QFETCH(QByteArray, zone);
        const TimeZone here(zone.constData());
        minutes_.clear();
        options_ = {};
        options_.path = directory_.filePath(QString(zone).replace('/', '-')).toStdString();
        options_.keep_days = days(500);
        auto store = open_store(options_);
        seconds now = noon_of_june_1;
        for (int step = 0; step < 3000; ++step) {
            now += random_step();
            store->append(random_increment(now));
            if (random_() % 3 == 0)
                QVERIFY(store->flush(now));
            if (random_() % 200 == 0) {
                store = nullptr;
                store = open_store(options_);
            }
        }
        for (int i = 0; i < 200; ++i) // the old intervals go some at a time
            QVERIFY(store->flush(now));
        Calendar calendar;
        calendar.extend(now + days(30));
        for (const auto unit : {UsageBucket::Unit::Day, UsageBucket::Unit::Month})
            compare_answers(*store, calendar, now, unit);
        store = nullptr;

        SQLite::Database database(options_.path, SQLite::OPEN_READWRITE);
        for (const Tier tier : stored_tiers) {
            const seconds horizon = horizon_of(database, tier);
            QVERIFY((horizon > noon_of_june_1) == (tier < Tier::Month));
            const Sums stored = rows_of(database, tier, horizon);
            QVERIFY(!stored.empty());
            QVERIFY(stored == expected(calendar, tier, horizon));
            const std::string name(to_string(tier));
            QCOMPARE(database
                         .execAndGet(
                             "SELECT count(*) FROM (SELECT start, interface, sum(rx), sum(tx) FROM usage_" +
                             name + " GROUP BY start, interface EXCEPT SELECT * FROM total_" + name + ")")
                         .getInt(),
                     0);
        }
    }

private:
    /// The last days and months, asked as a client does.
    void compare_answers(Store& store, const Calendar& calendar, seconds now, UsageBucket::Unit unit) {
        const Tier tier = unit == UsageBucket::Unit::Day ? Tier::Day : Tier::Month;
        const seconds from = calendar.begin(tier, now - days(300));
        const seconds to = calendar.next(tier, now);
        Sums answered;
        for (const UsageRow& row : ask(store, question(from, to, UsageGroup::AppInterface, unit)).rows) {
            QCOMPARE(row.window.to, calendar.next(tier, row.window.from));
            answered[{row.window.from, row.app, row.interface}] = {row.rx_bytes, row.tx_bytes};
        }
        Sums booked = expected(calendar, tier, from);
        std::erase_if(booked, [&](const auto& row) {
            return std::get<0>(row.first) >= to || row.second == std::pair<std::int64_t, std::int64_t>{};
        });
        QVERIFY(answered == booked);
    }
};

QTEST_GUILESS_MAIN(StoreTiersTest)
#include "store_tiers_test.moc"
