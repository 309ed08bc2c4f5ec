// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/history_years.hpp"
#include "bench/measure.hpp"
#include "history/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>

/// history_bench [DIRECTORY]: questions to ten years of history, and to the rows that a monitor keeps which
/// writes one for each app and second. The databases are made anew unless they are in DIRECTORY.
using namespace sockledger;
using namespace sockledger::bench;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;
using Unit = UsageBucket::Unit;

namespace {

struct Time {
    Spread wall;
    Spread cpu;
};

Time milliseconds(const std::function<void()>& work) {
    std::vector<double> wall;
    std::vector<double> cpu;
    for (std::size_t i = 0; i < rounds(15); ++i) {
        const Cost cost = cost_of(work);
        wall.push_back(cost.wall_ms);
        cpu.push_back(cost.cpu_ms);
    }
    return {spread_of(wall), spread_of(cpu)};
}

struct Question {
    const char* text;
    UsageQuery query;
};

std::vector<Question> questions(seconds now) {
    const seconds midnight = today(now).from;
    const seconds month = this_month(now).from;
    const seconds ten_years = now - days(3652);
    const auto ask = [](seconds from, seconds to, UsageGroup group, Unit unit = Unit::Whole,
                        seconds width = 60s) {
        return UsageQuery{{from, to}, {unit, width}, group, std::nullopt, std::nullopt};
    };
    const auto one_app = [](UsageQuery query) {
        query.app = app_name(17);
        return query;
    };
    const auto one_interface = [](UsageQuery query) {
        query.interface = interface_name(1);
        return query;
    };
    using enum UsageGroup;
    return {
        {"last hour by app", ask(now - 1h, now, App)},
        {"last hour by minute", ask(now - 1h, now, Total, Unit::Seconds)},
        {"last 24 hours by app", ask(now - 24h, now, App)},
        {"today by app", ask(midnight, now, App)},
        {"today by app and hour", ask(midnight, now, App, Unit::Hour)},
        {"yesterday by app and interface", ask(midnight - 24h, midnight, AppInterface)},
        {"last 30 days by app", ask(now - days(30), now, App)},
        {"this month by app", ask(month, now, App)},
        {"this month by day", ask(month, now, Total, Unit::Day)},
        {"this month by app and day", ask(month, now, App, Unit::Day)},
        {"last year by month", ask(now - days(365), now, Total, Unit::Month)},
        {"last year by app and month", ask(now - days(365), now, App, Unit::Month)},
        {"an odd window of 8 years by app", ask(now - days(3300) - 4567s, now - days(400) - 1234s, App)},
        {"10 years by app", ask(ten_years, now, App)},
        {"10 years by interface", ask(ten_years, now, Interface)},
        {"10 years by app, one interface", one_interface(ask(ten_years, now, App))},
        {"10 years by month", ask(ten_years, now, Total, Unit::Month)},
        {"10 years by day", ask(ten_years, now, Total, Unit::Day)},
        {"10 years by app and month", ask(ten_years, now, App, Unit::Month)},
        {"10 years by month, one app", one_app(ask(ten_years, now, App, Unit::Month))},
        {"10 years by day, one app", one_app(ask(ten_years, now, App, Unit::Day))},
    };
}

std::unique_ptr<Store> open(const std::string& path) {
    StoreOptions options;
    options.path = path;
    auto store = Store::open(options);
    if (!store)
        throw std::runtime_error(store.error().message);
    return std::move(*store);
}

Time time_of(Store& store, const UsageQuery& query, std::size_t& rows) {
    return milliseconds([&] {
        const Result<Usage> usage = store.usage(query);
        if (!usage)
            throw std::runtime_error(usage.error().message);
        rows = usage->rows.size();
    });
}

void ask_everything(Store& store, const Years& years) {
    std::printf("%-34s %8s   %-24s %s\n", "question", "rows", "ms", "ms of CPU");
    double slowest = 0;
    for (const Question& question : questions(years.now)) {
        std::size_t rows = 0;
        const Time time = time_of(store, question.query, rows);
        std::printf("%-34s %8zu   %-24s %s\n", question.text, rows, to_string(time.wall, 2).c_str(),
                    to_string(time.cpu, 2).c_str());
        slowest = std::max(slowest, time.wall.median);
    }
    std::printf("slowest %s\n",
                judge({"slowest question to ten years of history", 20, "ms"}, slowest).c_str());
}

void compare(Store& store, const Years& years, const std::string& raw_path) {
    SQLite::Database raw(raw_path, SQLite::OPEN_READONLY);
    SQLite::Statement sum(raw,
                          "SELECT app, sum(rx), sum(tx) FROM sample WHERE ts >= ? AND ts < ? GROUP BY app");
    std::printf("\n%-34s %-24s %-24s %s\n", "by app", "ms of CPU", "rows by app and second", "ratio");
    for (const seconds length : {seconds(1h), seconds(24h)}) {
        std::size_t rows = 0;
        const UsageQuery query{
            {years.now - length, years.now}, {}, UsageGroup::App, std::nullopt, std::nullopt};
        const Time ours = time_of(store, query, rows);
        const Time theirs = milliseconds([&] {
            sum.reset();
            sum.bind(1, std::int64_t((years.now - length).count()));
            sum.bind(2, std::int64_t(years.now.count()));
            while (sum.executeStep()) {
            }
        });
        std::printf("%-34s %-24s %-24s %.0f\n", length == 1h ? "last hour" : "last 24 hours",
                    to_string(ours.cpu, 2).c_str(), to_string(theirs.cpu, 1).c_str(),
                    theirs.cpu.median / ours.cpu.median);
    }
}

/// A flush every ten seconds with so many series that moved something each second.
void flushes(Store& store, const Years& years, std::size_t series) {
    std::vector<double> cpu;
    const std::uint64_t before = store.status().size_bytes;
    seconds now = years.now;
    const std::size_t count = rounds(100);
    for (std::size_t i = 0; i < count; ++i) {
        for (int second = 0; second < 10; ++second) {
            Increment increment;
            increment.time = now += 1s;
            for (std::size_t n = 0; n < series; ++n)
                increment.parts.push_back(
                    {{interface_name(n % 2), true}, app_name(n * 7 % 200), "", "", 1500, 60, {}});
            store.append(increment);
        }
        const Cost cost = cost_of([&] {
            if (Result<void> done = store.flush(now); !done)
                throw std::runtime_error(done.error().message);
        });
        cpu.push_back(cost.cpu_ms);
    }
    std::printf("\nflush of %zu series: %s ms CPU; files grew by %.1f KiB in %zu flushes\n", series,
                to_string(spread_of(cpu), 2).c_str(),
                static_cast<double>(store.status().size_bytes - before) / 1024, count);
}

void run(const std::filesystem::path& directory) {
    const Years years;
    const std::string path = directory / "history.db";
    const std::string raw_path = directory / "raw.db";
    if (!std::filesystem::exists(path))
        std::printf("made in %.1f s\n", cost_of([&] { make_years(path, years); }).wall_ms / 1000);
    if (!std::filesystem::exists(raw_path))
        make_raw_rows(raw_path, years);
    std::printf("%s\n", years.description.c_str());
    const double size = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
    std::printf("history %.1f MB %s; a day of rows by app and second %.1f MB\n\n", size,
                judge({"ten years of history", 200, "MB"}, size).c_str(),
                static_cast<double>(std::filesystem::file_size(raw_path)) / 1e6);
    const std::unique_ptr<Store> store = open(path);
    ask_everything(*store, years);
    compare(*store, years, raw_path);
    flushes(*store, years, 20);
}

} // namespace

int main(int argc, char** argv) {
    setenv("TZ", "Europe/Berlin", 1);
    try {
        if (argc > 1) {
            run(argv[1]);
            return 0;
        }
        std::string name = std::filesystem::temp_directory_path() / "history_bench.XXXXXX";
        if (!mkdtemp(name.data()))
            throw std::runtime_error("mkdtemp");
        run(name);
        std::filesystem::remove_all(name);
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "history_bench: %s\n", exception.what());
        return 1;
    }
}
