// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/history_years.hpp"

#include "history/calendar.hpp"
#include "history/schema.hpp"
#include "history/statement.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <random>
#include <vector>

namespace sockledger::bench {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

struct TierLoad {
    Tier tier;
    seconds kept;
    double active;      ///< share of the series that have a row in an interval
    double usual_bytes; ///< median of an amount
};

class Maker {
public:
    Maker(SQLite::Database& database, const Years& years)
        : database_(database), years_(years), series_(years.apps * years.interfaces) {
        calendar_.extend(years.now);
        std::iota(series_.begin(), series_.end(), std::size_t{0});
    }

    void names() {
        SQLite::Statement app(database_, "INSERT INTO app VALUES (?, ?, ?, ?)");
        for (std::size_t n = 0; n < years_.apps; ++n)
            run(app, std::int64_t(n + 1), app_name(n), "Application " + std::to_string(n), "application-x");
        SQLite::Statement interface(database_, "INSERT INTO interface VALUES (?, ?, ?, ?)");
        for (std::size_t n = 0; n < years_.interfaces; ++n)
            run(interface, std::int64_t(n + 1), interface_name(n), int(n < 2),
                std::int64_t(years_.now.count()));
        SQLite::Statement offset(database_, "INSERT INTO local_time VALUES (?, ?)");
        for (const Calendar::Offset& o : calendar_.offsets()) {
            if (o.since < years_.now)
                run(offset, std::int64_t(o.since.count()), std::int64_t(o.offset.count()));
        }
    }

    void fill(const TierLoad& load) {
        const std::string tier(to_string(load.tier));
        SQLite::Statement usage(database_, "INSERT INTO usage_" + tier + " VALUES (?, ?, ?, ?, ?, 0)");
        SQLite::Statement total(database_, "INSERT INTO total_" + tier + " VALUES (?, ?, ?, ?)");
        std::lognormal_distribution<double> bytes(std::log(load.usual_bytes), 2.5);
        const auto amount = [&] { return static_cast<std::int64_t>(std::min(bytes(random_), 1e13)); };
        const auto active = static_cast<std::size_t>(static_cast<double>(series_.size()) * load.active);
        seconds start = calendar_.begin(coarser(std::min(load.tier, Tier::Month)), years_.now - load.kept);
        meta(horizon_key(load.tier), load.tier < Tier::Day ? start : seconds(0));
        for (; start < years_.now; start = calendar_.next(load.tier, start)) {
            std::ranges::shuffle(series_, random_);
            std::vector<std::int64_t> rx(years_.interfaces), tx(years_.interfaces);
            for (std::size_t i = 0; i < active; ++i) {
                const std::size_t interface = series_[i] % years_.interfaces;
                const std::int64_t down = amount();
                const std::int64_t up = amount() / 8;
                rx[interface] += down;
                tx[interface] += up;
                run(usage, std::int64_t(start.count()), std::int64_t(series_[i] / years_.interfaces + 1),
                    std::int64_t(interface + 1), down, up);
            }
            for (std::size_t n = 0; n < years_.interfaces; ++n)
                run(total, std::int64_t(start.count()), std::int64_t(n + 1), rx[n], tx[n]);
        }
    }

    void meta(const std::string& key, seconds value) {
        if (value == seconds(0))
            return;
        SQLite::Statement put(database_, "INSERT INTO meta VALUES (?, ?)");
        run(put, key, std::int64_t(value.count()));
    }

private:
    SQLite::Database& database_;
    const Years& years_;
    Calendar calendar_;
    std::vector<std::size_t> series_;
    std::mt19937 random_{1};
};

/// Under another name until it is whole, so that a run that was broken off is not taken for a database.
template<typename Fill>
void make(const std::string& path, Fill fill) {
    const std::string part = path + ".part";
    std::filesystem::remove(part);
    {
        SQLite::Database database(part, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("PRAGMA synchronous = OFF");
        database.exec("PRAGMA journal_mode = OFF");
        fill(database);
    }
    std::filesystem::rename(part, path);
}

} // namespace

std::string app_name(std::size_t number) {
    return "exe:/usr/bin/application-" + std::to_string(number);
}

std::string interface_name(std::size_t number) {
    return "eth" + std::to_string(number);
}

void make_years(const std::string& path, const Years& years) {
    make(path, [&](SQLite::Database& database) {
        migrate(database);
        SQLite::Transaction transaction(database);
        Maker maker(database, years);
        maker.names();
        maker.meta(newest_key, std::chrono::ceil<std::chrono::minutes>(years.now));
        maker.meta(clean_key, seconds(1));
        maker.fill({Tier::Minute, hours(48), 0.25, 2e4});
        maker.fill({Tier::Hour, days(90), 0.5, 2e5});
        maker.fill({Tier::Day, days(3652), 1, 1e6});
        maker.fill({Tier::Month, days(3652), 1, 3e7});
        maker.fill({Tier::Year, days(3652), 1, 3e8});
        transaction.commit();
    });
}

void make_raw_rows(const std::string& path, const Years& years) {
    make(path, [&](SQLite::Database& database) {
        database.exec("CREATE TABLE sample (ts INTEGER, app TEXT, interface TEXT, rx INTEGER, tx INTEGER)");
        SQLite::Transaction transaction(database);
        SQLite::Statement insert(database, "INSERT INTO sample VALUES (?, ?, ?, ?, ?)");
        std::mt19937 random(1);
        for (seconds second = years.now - hours(24); second < years.now; second += seconds(1)) {
            for (int i = 0; i < 20; ++i)
                run(insert, std::int64_t(second.count()), app_name(random() % years.apps),
                    interface_name(random() % 2), std::int64_t(random() % 100'000),
                    std::int64_t(random() % 10'000));
        }
        database.exec("CREATE INDEX sample_ts ON sample (ts)");
        transaction.commit();
    });
}

} // namespace sockledger::bench
