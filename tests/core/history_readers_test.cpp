// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::seconds;

/// What people do with the database, by the shell of SQLite, while a daemon writes.
class HistoryReadersTest : public QObject {
    Q_OBJECT

    const TimeZone zone_{"Europe/Berlin"};
    QTemporaryDir directory_;
    StoreOptions options_;
    std::unique_ptr<Store> store_;
    QString sqlite3_;

    QStringList lines(const QString& sql) const {
        QProcess shell;
        shell.start(sqlite3_, {"-readonly", QString::fromStdString(options_.path), sql});
        if (!shell.waitForFinished() || shell.exitCode() != 0)
            qFatal("%s: %s", qPrintable(sql), shell.readAllStandardError().constData());
        return QString::fromUtf8(shell.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
    }

private slots:
    void initTestCase() {
        sqlite3_ = QStandardPaths::findExecutable("sqlite3");
        if (sqlite3_.isEmpty())
            QSKIP("sqlite3 is missing: no such program in PATH");
        options_.path = directory_.filePath("history.db").toStdString();
        store_ = open_store(options_);
        Increment made =
            increment(noon_of_june_1 + 61s, {part("exe:/usr/bin/curl", 1000, 20),
                                             part("kernel", 7, 3, "eth0", true, Accuracy::Partial),
                                             part("exe:/usr/bin/curl", 500, 10, "docker0", false)});
        made.gaps = {{{noon_of_june_1, noon_of_june_1 + 61s}, "eth0", 7, 3}};
        store_->append(made);
        store_->append(increment(noon_of_june_1 + 25h, {part("exe:/usr/bin/curl", 1, 1)}));
        QVERIFY(store_->flush(noon_of_june_1 + 25h));
    }

    void rowsReadWell() {
        QCOMPARE(
            lines("SELECT * FROM usage WHERE step = 'hour' ORDER BY start, app, interface"),
            QStringList({"hour|1780315200|2026-06-01T12:00:00Z|2026-06-01 14:00:00|exe:/usr/bin/curl|"
                         "Name of exe:/usr/bin/curl|docker0|0|500|10|exact",
                         "hour|1780315200|2026-06-01T12:00:00Z|2026-06-01 14:00:00|exe:/usr/bin/curl|"
                         "Name of exe:/usr/bin/curl|eth0|1|1000|20|exact",
                         "hour|1780315200|2026-06-01T12:00:00Z|2026-06-01 14:00:00|kernel|Name of kernel|"
                         "eth0|1|7|3|partial",
                         "hour|1780405200|2026-06-02T13:00:00Z|2026-06-02 15:00:00|exe:/usr/bin/curl|"
                         "Name of exe:/usr/bin/curl|eth0|1|1|1|exact"}));
        QCOMPARE(lines("SELECT * FROM interface_usage WHERE step = 'month' ORDER BY interface"),
                 QStringList({"month|1780264800|2026-05-31T22:00:00Z|2026-06-01 00:00:00|docker0|0|500|10",
                              "month|1780264800|2026-05-31T22:00:00Z|2026-06-01 00:00:00|eth0|1|1008|24"}));
    }

    void eachStepHasEverythingOnce() {
        QCOMPARE(lines("SELECT step, sum(rx_bytes) FROM usage GROUP BY step ORDER BY step"),
                 QStringList({"day|1508", "hour|1508", "minute|1508", "month|1508", "year|1508"}));
    }

    void theExamplesOfTheReadmeWork() {
        QFile file(SOCKLEDGER_README);
        QVERIFY(file.open(QFile::ReadOnly));
        QRegularExpression block("```sql\n(.*?)```", QRegularExpression::DotMatchesEverythingOption);
        QStringList examples;
        for (auto match = block.globalMatch(QString::fromUtf8(file.readAll())); match.hasNext();)
            examples << match.next().captured(1).replace("'now'", "'2026-06-02 13:00:30'");
        QCOMPARE(examples.size(), 5);
        QCOMPARE(lines(examples[0]), QStringList("Name of exe:/usr/bin/curl|1|1"));
        QCOMPARE(lines(examples[1]), QStringList("Name of exe:/usr/bin/curl|1|1"));
        QCOMPARE(lines(examples[2]), QStringList("2026-06|1008|24"));
        QCOMPARE(lines(examples[3]), QStringList({"2026-06-01|1000|20", "2026-06-02|1|1"}));
        QCOMPARE(lines(examples[4]), QStringList("2026-06-01 12:00:00|2026-06-01 12:01:01|eth0|7|3"));
    }

    void aStepAndATimeAreFoundByTheKey() {
        const QString plan = lines("EXPLAIN QUERY PLAN SELECT sum(rx_bytes) FROM usage "
                                   "WHERE step = 'day' AND start >= 1780272000")
                                 .join('\n');
        QVERIFY2(plan.count("SEARCH u USING PRIMARY KEY (start>?)") == 5, qPrintable(plan));
    }
};

QTEST_GUILESS_MAIN(HistoryReadersTest)
#include "history_readers_test.moc"
