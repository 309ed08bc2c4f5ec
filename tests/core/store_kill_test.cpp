// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"
#include "history/schema.hpp"
#include "support/checked.hpp"

#include <SQLiteCpp/Database.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <csignal>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

/// The kernel's side: it lives on while the daemon dies.
struct Machine {
    std::atomic<std::int64_t> time;
    std::atomic<std::uint64_t> device; ///< bytes received
};

/// The daemon: books what the device moves, some of it by app, and a flush every ten seconds. After a kill
/// it books first what the device moved since the last checkpoint. Ends when `pace` is closed.
[[noreturn]] void record(const StoreOptions& options, Machine& machine, int pace,
                         std::mt19937::result_type seed) {
    Result<std::unique_ptr<Store>> store = Store::open(options);
    if (!store)
        _exit(2);
    std::mt19937 random(seed);
    const auto book = [&](std::vector<UsagePart> parts) {
        Increment made = increment(seconds(machine.time), std::move(parts));
        made.checkpoints = {checkpoint(machine.device, 0, made.time)};
        (*store)->append(made);
    };
    const std::vector<Checkpoint> found = (*store)->checkpoints();
    const std::uint64_t known = found.empty() ? 0 : found.front().rx_bytes;
    book({part(std::string(unattributed_app), static_cast<std::int64_t>(machine.device - known), 0)});
    for (int second = 1;; ++second) {
        machine.time += 1 + random() % 30;
        std::vector<UsagePart> parts;
        for (auto n = random() % 20; n > 0; --n) {
            const std::int64_t bytes = random() % 10'000;
            machine.device += static_cast<std::uint64_t>(bytes);
            parts.push_back(part("app" + std::to_string(random() % 40), bytes, 0));
        }
        book(std::move(parts));
        if (second % 10 == 0 && !(*store)->flush(seconds(machine.time)))
            _exit(3);
        if (write(pace, "", 1) != 1)
            _exit(4);
    }
}

} // namespace

class StoreKillTest : public QObject {
    Q_OBJECT

    /// The first sum that is wrong in a copy of the database, so that the next life has to recover by itself.
    static QString check(const QString& path, std::uint64_t& booked) {
        const QTemporaryDir directory;
        const QString copy = directory.filePath("copy.db");
        for (const char* beside : {"", "-wal"})
            QFile::copy(path + beside, copy + beside);
        SQLite::Database database(copy.toStdString(), SQLite::OPEN_READWRITE);
        if (const std::string found = database.execAndGet("PRAGMA integrity_check").getString();
            found != "ok")
            return QString::fromStdString(found);
        booked = static_cast<std::uint64_t>(
            database.execAndGet("SELECT coalesce(sum(rx - rx_unbooked), 0) FROM checkpoint").getInt64());
        for (const Tier tier : stored_tiers) {
            for (const char* table : {"usage_", "total_"}) {
                const std::string name = table + std::string(to_string(tier));
                const auto sum = static_cast<std::uint64_t>(
                    database.execAndGet("SELECT coalesce(sum(rx), 0) FROM " + name).getInt64());
                if (sum != booked)
                    return QString("%1 has %2 bytes, not %3").arg(name.c_str()).arg(sum).arg(booked);
            }
        }
        return {};
    }

private slots:
    void noKillMakesAWrongTotal() {
        const TimeZone zone("Europe/Berlin");
        const QTemporaryDir directory;
        StoreOptions options;
        const QString path = directory.filePath("history.db");
        options.path = path.toStdString();
        options.keep_minutes = options.keep_hours = 24h * 3000; // so that each tier has everything
        void* shared =
            mmap(nullptr, sizeof(Machine), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        QVERIFY(shared != MAP_FAILED);
        Machine& machine = *new (shared) Machine{noon_of_june_1.count(), 0};
        std::mt19937 random(7);
        std::uint64_t booked = 0;
        for (int life = 0; life < 100; ++life) {
            Pipe pace = make_pipe();
            const auto seed = random();
            const pid_t child = checked(fork(), "fork");
            if (child == 0)
                record(options, machine, pace.write_end.get(), seed);
            pace.write_end = UniqueFd();
            // somewhere in the start, or after so many seconds of work
            char byte = 0;
            for (auto n = life == 0 ? 30 : random() % 60; n > 0; --n)
                QCOMPARE(read(pace.read_end.get(), &byte, 1), ssize_t(1));
            kill(child, SIGKILL);
            int status = 0;
            checked(waitpid(child, &status, 0), "waitpid");
            QVERIFY(WIFSIGNALED(status));
            const std::uint64_t before = booked;
            const QString wrong = check(path, booked);
            QVERIFY2(wrong.isEmpty(), qPrintable(QString("life %1: %2").arg(life).arg(wrong)));
            QVERIFY(booked >= before); // what was flushed stays
        }
        // A last life books what no other one could
        auto store = open_store(options);
        const std::uint64_t known = store->checkpoints().front().rx_bytes;
        QVERIFY(known > 100'000);
        Increment last = increment(
            seconds(machine.time),
            {part(std::string(unattributed_app), static_cast<std::int64_t>(machine.device - known), 0)});
        last.checkpoints = {checkpoint(machine.device, 0, last.time)};
        store->append(last);
        QVERIFY(store->flush(last.time));
        QCOMPARE(ask(*store, question(noon_of_june_1, last.time + 1s)).rx_bytes,
                 std::int64_t(machine.device));
        store = nullptr;
        QCOMPARE(check(path, booked), QString());
        QCOMPARE(booked, machine.device.load());
        munmap(shared, sizeof(Machine));
    }
};

QTEST_GUILESS_MAIN(StoreKillTest)
#include "store_kill_test.moc"
