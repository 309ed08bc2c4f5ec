// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"

#include <SQLiteCpp/Database.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr seconds noon = noon_of_june_1;

void write_file(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write the test's file");
}

QByteArray read_file(const QString& path) {
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        qFatal("cannot read the test's file");
    return file.readAll();
}

/// Some pages of the rows by minute, which nobody reads at the start.
void scribble(const QString& path) {
    QByteArray bytes = read_file(path);
    for (qsizetype at = bytes.size() / 3; at < bytes.size() / 2; ++at)
        bytes[at] = static_cast<char>(at * 37 % 251);
    write_file(path, bytes);
}

} // namespace

class StoreFaultsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> directory_;
    StoreOptions options_;
    QString path_;
    const TimeZone zone_{"UTC"};

    /// Some thousand rows in every tier, and what is not usage.
    void fill(seconds from = noon) {
        auto store = open_store(options_);
        for (int minute = 0; minute < 600; ++minute) {
            for (int app = 0; app < 30; ++app)
                store->append(increment(from + 1min * minute, {part("app" + std::to_string(app), 1, 1)}));
        }
        QVERIFY(store->flush(from + 600min));
        QVERIFY(store->set_setting("interfaces", "eth0"));
    }

    void works_from_here(Store& store) {
        store.append(increment(noon + 200min, {part("later", 7, 0)}));
        QVERIFY(store.flush(noon + 200min));
        QVERIFY(store.status().recording);
        QCOMPARE(ask(store, question(noon + 200min, noon + 201min)).rx_bytes, 7);
    }

    QStringList aside() const {
        return QDir(directory_->path()).entryList({"*.corrupt-*[0-9]"}, QDir::Files);
    }

private slots:
    void init() {
        directory_ = std::make_unique<QTemporaryDir>();
        path_ = directory_->filePath("history.db");
        options_ = {};
        options_.path = path_.toStdString();
    }

    void aMissingDirectoryIsMade() {
        options_.path = directory_->filePath("a/b/history.db").toStdString();
        auto store = open_store(options_);
        works_from_here(*store);
    }

    void whatHasNoPlaceYetWaitsForIt() {
        const QString obstacle = directory_->filePath("a");
        write_file(obstacle, "a file, where a directory should be");
        options_.path = directory_->filePath("a/history.db").toStdString();
        auto store = open_store(options_);
        QVERIFY(!store->status().recording);
        store->append(increment(noon, {part("early", 5, 0)}));
        QVERIFY(!store->flush(noon));
        const HistoryStatus status = store->status();
        QCOMPARE(status.waiting, 1u);
        QVERIFY(QString::fromStdString(status.detail).contains("nothing can be written since"));
        QVERIFY(!store->usage(question(noon, noon + 1h)));
        QVERIFY(!store->rules());
        QVERIFY(!store->set_setting("a", "b"));
        QVERIFY(!store->setting("a"));
        QVERIFY(QFile::remove(obstacle));
        works_from_here(*store);
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 5);
    }

    void anEmptyFileBecomesADatabase() {
        write_file(path_, "");
        auto store = open_store(options_);
        works_from_here(*store);
        QVERIFY(aside().isEmpty());
    }

    void aFileThatIsNoDatabaseIsSetAside() {
        const QByteArray text = QByteArray("these are the notes of somebody\n").repeated(1000);
        write_file(path_, text);
        auto store = open_store(options_);
        works_from_here(*store);
        QCOMPARE(aside().size(), 1);
        QCOMPARE(read_file(directory_->filePath(aside().front())), text);
        QVERIFY(QString::fromStdString(store->status().detail).contains(aside().front()));
    }

    void aCorruptHeaderIsSetAside() {
        fill();
        QByteArray bytes = read_file(path_);
        write_file(path_, bytes.replace(0, 100, QByteArray(100, '\x7f')));
        auto store = open_store(options_);
        works_from_here(*store);
        QCOMPARE(aside().size(), 1);
    }

    void aTruncatedFileIsSetAside() {
        fill();
        QVERIFY(QFile::resize(path_, QFileInfo(path_).size() / 2));
        auto store = open_store(options_);
        works_from_here(*store);
        QCOMPARE(aside().size(), 1);
    }

    void aCorruptPageIsFoundByTheFirstToMeetIt() {
        fill();
        scribble(path_);
        auto store = open_store(options_); // after a clean shutdown nobody looks
        QVERIFY(aside().isEmpty());
        UsageQuery query = question(noon, noon + 600min, UsageGroup::App, UsageBucket::Unit::Seconds);
        for (const seconds width : {60s, 3600s, 86'400s}) {
            query.bucket.width = width;
            static_cast<void>(store->usage(query));
        }
        store->append(increment(noon + 1min, {part("app1", 1, 1)}));
        QVERIFY(store->flush(noon + 1min));
        QCOMPARE(aside().size(), 1);
        works_from_here(*store);
        QCOMPARE(ask(*store, question(noon, noon + 2min)).rx_bytes, 1);
        QVERIFY(store->setting("interfaces") == "eth0"); // its page was sound
    }

    void aCorruptPageIsFoundAfterAnUncleanShutdown() {
        fill();
        {
            SQLite::Database database(options_.path, SQLite::OPEN_READWRITE);
            database.exec("UPDATE meta SET value = 0 WHERE key = 'clean'");
        }
        scribble(path_);
        auto store = open_store(options_);
        QCOMPARE(aside().size(), 1);
        works_from_here(*store);
    }

    void aNewerSchemaIsLeftAlone() {
        fill();
        {
            SQLite::Database database(options_.path, SQLite::OPEN_READWRITE);
            database.exec("PRAGMA user_version = 99");
        }
        const QByteArray bytes = read_file(path_);
        const auto store = Store::open(options_);
        QVERIFY(!store);
        const QString message = QString::fromStdString(store.error().message);
        QVERIFY2(message.contains("99") && message.contains(" 1"), qPrintable(message));
        QCOMPARE(read_file(path_), bytes);
    }

    void theDatabaseOfAnotherProgramIsLeftAlone() {
        {
            SQLite::Database database(options_.path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            database.exec("CREATE TABLE moz_places (id INTEGER)");
        }
        const QByteArray bytes = read_file(path_);
        const auto store = Store::open(options_);
        QVERIFY(!store);
        QVERIFY(QString::fromStdString(store.error().message).contains("another program"));
        QCOMPARE(read_file(path_), bytes);
    }

    void aSecondDaemonIsTurnedAway() {
        auto store = open_store(options_);
        const auto second = Store::open(options_);
        QVERIFY(!second);
        QVERIFY(QString::fromStdString(second.error().message).contains(QString::number(getpid())));
        store = nullptr;
        QVERIFY(Store::open(options_));
    }

    void nothingIsLostWhileAnotherProcessHoldsTheLock() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 1, 0)}));
        QVERIFY(store->flush(noon));
        SQLite::Database other(options_.path, SQLite::OPEN_READWRITE);
        other.exec("BEGIN EXCLUSIVE");
        store->append(increment(noon + 1s, {part("a", 10, 0)}));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!store->flush(noon + 1s));
        QVERIFY(timer.elapsed() < 1500);
        QVERIFY(!store->status().recording);
        QCOMPARE(store->status().waiting, 1u);
        store->append(increment(noon + 2s, {part("a", 100, 0)}));
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 111);
        other.exec("COMMIT");
        QVERIFY(store->flush(noon + 2s));
        QVERIFY(store->status().recording);
        QCOMPARE(store->status().waiting, 0u);
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 111);
    }

    void aFileThatWasRemovedIsMadeAgain() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 1, 0)}));
        QVERIFY(store->flush(noon));
        for (const char* beside : {"", "-wal", "-shm"})
            QVERIFY(QFile::remove(path_ + beside));
        store->append(increment(noon + 1s, {part("a", 10, 0)}));
        QVERIFY(store->flush(noon + 1s));
        QVERIFY(QFile::exists(path_));
        QCOMPARE(ask(*store, question(noon, noon + 1h)).rx_bytes, 10);
    }

    void whatWaitsIsBoundedAndExact() {
        auto store = open_store(options_);
        SQLite::Database other(options_.path, SQLite::OPEN_READWRITE);
        other.exec("BEGIN EXCLUSIVE");
        constexpr int minutes = 2000;
        for (int minute = 0; minute < minutes; ++minute) {
            Increment made = increment(noon + 1min * minute, {});
            for (int app = 0; app < 60; ++app)
                made.parts.push_back(part("app" + std::to_string(app), 1, 2));
            store->append(made);
        }
        QVERIFY(!store->flush(noon + 1min * minutes));
        QVERIFY(store->status().waiting <= 50'000);
        other.exec("COMMIT");
        QVERIFY(store->flush(noon + 1min * minutes));
        store = nullptr;
        store = open_store(options_);
        const Usage usage =
            ask(*store, question(noon, noon + 1min * minutes, UsageGroup::App, UsageBucket::Unit::Hour));
        QCOMPARE(usage.rx_bytes, 60 * minutes);
        QCOMPARE(usage.tx_bytes, 2 * 60 * minutes);
        QCOMPARE(usage.rows[0].rx_bytes, 60); // hours are still known
    }

    void aDatabaseOfVersionOneOpens() {
        {
            SQLite::Database database(options_.path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            database.exec(read_file(SOCKLEDGER_FIXTURES "/history/version-1.sql").toStdString());
        }
        auto store = open_store(options_);
        const Usage usage =
            ask(*store, question(noon - 24h, noon + 24h, UsageGroup::AppInterface, UsageBucket::Unit::Day));
        QCOMPARE(usage.rows.size(), 2u);
        QCOMPARE(usage.rows[0].app, "exe:/usr/bin/curl");
        QCOMPARE(usage.rows[0].rx_bytes, 1000);
        QCOMPARE(usage.rows[1].accuracy, Accuracy::Partial);
        QCOMPARE(usage.gaps.size(), 1u);
        QCOMPARE(store->checkpoints().size(), 1u);
        QCOMPARE(store->rules()->size(), 1u);
        QCOMPARE(store->alerts(0s)->size(), 1u);
        QVERIFY(store->setting("interfaces") == "eth0");
        works_from_here(*store);
    }
};

QTEST_GUILESS_MAIN(StoreFaultsTest)
#include "store_faults_test.moc"
