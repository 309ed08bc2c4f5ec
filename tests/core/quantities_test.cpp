// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/quantities.hpp"

#include <QTest>

using namespace sockledger;

class QuantitiesTest : public QObject {
    Q_OBJECT

    template<typename Parse>
    static void compare(Parse parse, const char* text, std::uint64_t expected) {
        const auto parsed = parse(text);
        QVERIFY2(parsed.has_value(), text);
        QCOMPARE(static_cast<std::uint64_t>(*parsed), expected);
    }
    static std::uint64_t seconds_of(std::chrono::seconds duration) {
        return static_cast<std::uint64_t>(duration.count());
    }

private slots:
    void sizesAreExact() {
        compare(parse_size, "0", 0);
        compare(parse_size, "500", 500);
        compare(parse_size, "500B", 500);
        compare(parse_size, "10kB", 10'000);
        compare(parse_size, "10KB", 10'000);
        compare(parse_size, "10k", 10'000);
        compare(parse_size, "1.5GB", 1'500'000'000);
        compare(parse_size, "1.5 GB", 1'500'000'000);
        compare(parse_size, "0.1MB", 100'000);
        compare(parse_size, "2GiB", 2ull << 30);
        compare(parse_size, "2Ki", 2048);
        compare(parse_size, "3TB", 3'000'000'000'000);
        compare(parse_size, "9223372036854775807", 9223372036854775807ull);
        compare(parse_size, "9007199254740993", 9007199254740993ull); // no double has this one
    }

    void ratesAreBytesUnlessTheySayBits() {
        compare(parse_rate, "5MB/s", 5'000'000);
        compare(parse_rate, "5MB", 5'000'000);
        compare(parse_rate, "1MiB/s", 1 << 20);
        compare(parse_rate, "10Mbit/s", 1'250'000);
        compare(parse_rate, "10 Mbit/s", 1'250'000);
        compare(parse_rate, "2.5Gbit", 312'500'000);
        compare(parse_rate, "800bit/s", 100);
    }

    void durationsAreWholeNumbersOfAUnit() {
        const auto compare_duration = [](const char* text, std::uint64_t expected) {
            const auto parsed = parse_duration(text);
            QVERIFY2(parsed.has_value(), text);
            QCOMPARE(seconds_of(*parsed), expected);
        };
        compare_duration("30s", 30);
        compare_duration("90m", 5400);
        compare_duration("90 min", 5400);
        compare_duration("36h", 129'600);
        compare_duration("2d", 172'800);
        compare_duration("2w", 1'209'600);
        compare_duration("5y", 157'680'000);
        compare_duration("1000y", 31'536'000'000);
    }

    void nonsenseIsRefusedWithWhatIsUnderstood_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"",
                                 " ",
                                 "MB",
                                 "-5MB",
                                 "+5MB",
                                 "5mb",
                                 "5 M B",
                                 "5MB ",
                                 " 5MB",
                                 ".5GB",
                                 "5.GB",
                                 "5..GB",
                                 "1e6",
                                 "0x10",
                                 "nan",
                                 "inf",
                                 "5MBs",
                                 "5XB",
                                 "5bit",
                                 "5Mb",
                                 "5i",
                                 "5iB",
                                 "1,5GB",
                                 "5/s/s",
                                 "9223372036854775808",
                                 "9999999999999999999999",
                                 "9300PB",
                                 "8191.9999999PiBB",
                                 "5MB\n"})
            QTest::newRow(text) << QString(text);
    }
    void nonsenseIsRefusedWithWhatIsUnderstood() {
        QFETCH(QString, text);
        const auto size = parse_size(text.toStdString());
        QVERIFY(!size);
        QVERIFY(size.error().message.starts_with("'" + text.toStdString() + "' is not a size such as"));
    }

    void ratesOfNonsenseAreRefused() {
        for (const char* text : {"", "/s", "bit/s", "5/h", "5MB/s/s", "5MB/sec", "5Mbits", "5Bbit/s", "bit"})
            QVERIFY2(!parse_rate(text), text);
    }

    void durationsOfNonsenseAreRefused() {
        for (const char* text : {"", "5", "d", "1.5h", "-1h", "1h30m", "5M", "5 days", "1001y",
                                 "18446744073709551616s", "584942417355y"})
            QVERIFY2(!parse_duration(text), text);
    }
};

QTEST_GUILESS_MAIN(QuantitiesTest)
#include "quantities_test.moc"
