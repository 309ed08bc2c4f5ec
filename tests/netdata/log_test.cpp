// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "log.hpp"

#include <QTest>

using namespace sockledger::netdata;
using namespace std::chrono_literals;

namespace {

const std::chrono::system_clock::time_point noon{std::chrono::seconds(1'767'268'800)}; // 2026-01-01 12:00 UTC

} // namespace

class LogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }

    void linesLookLikeThoseOfNetdata137() {
        QCOMPARE(log_line(false, LogLevel::Info, noon, "hello"),
                 std::string("2026-01-01 12:00:00: sockledger.plugin INFO  : MAIN : hello\n"));
        QCOMPARE(log_line(false, LogLevel::Warning, noon, "oh"),
                 std::string("2026-01-01 12:00:00: sockledger.plugin ERROR : MAIN : oh\n"));
    }

    void linesLookLikeThoseOfNetdata2() {
        QCOMPARE(log_line(true, LogLevel::Warning, noon, "a \"b\" \\ c"),
                 std::string("time=2026-01-01T12:00:00Z comm=sockledger.plugin source=collector "
                             "level=warning msg=\"a \\\"b\\\" \\\\ c\"\n"));
    }

    void aLineStaysALine() {
        const std::string line = log_line(false, LogLevel::Info, noon, "a\nb\x1b[31m");
        QCOMPARE(line.find('\n'), line.size() - 1);
        QVERIFY(line.find('\x1b') == std::string::npos);
    }

    void theLevelOfNetdataIsObeyed() {
        std::vector<std::string> lines;
        Environment environment;
        environment.log_level = LogLevel::Warning;
        Log log(environment, [&](std::string_view line) { lines.emplace_back(line); });
        log.add(LogLevel::Info, "quiet", noon);
        log.add(LogLevel::Error, "loud", noon);
        QCOMPARE(lines.size(), std::size_t{1});
    }

    void aPeriodHasItsShareOfLines() {
        std::vector<std::string> lines;
        Environment environment;
        environment.log_lines = 10;
        environment.log_period = 100s;
        Log log(environment, [&](std::string_view line) { lines.emplace_back(line); });
        for (int i = 0; i < 50; ++i)
            log.add(LogLevel::Info, "again", noon);
        QCOMPARE(lines.size(), std::size_t{6}); // and that there are no more
        QVERIFY(lines.back().find("too many messages") != std::string::npos);
        log.add(LogLevel::Info, "later", noon + 100s);
        QCOMPARE(lines.size(), std::size_t{7});
    }

    void aClockThatIsSetBackDoesNotSilenceIt() {
        std::vector<std::string> lines;
        Environment environment;
        environment.log_lines = 2;
        Log log(environment, [&](std::string_view line) { lines.emplace_back(line); });
        log.add(LogLevel::Info, "one", noon);
        log.add(LogLevel::Info, "two", noon - 24h);
        QVERIFY(lines.back().find("two") != std::string::npos ||
                lines[lines.size() - 2].find("two") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(LogTest)
#include "log_test.moc"
