// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "format.hpp"

#include <QTest>
#include <clocale>
#include <limits>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

const Glyphs& signs = glyphs(true);

QString shown(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

class FormatTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }

    void ratesHaveThreeDigitsAndAUnit_data() {
        QTest::addColumn<double>("rate");
        QTest::addColumn<QString>("bytes");
        QTest::addColumn<QString>("bits");
        QTest::addColumn<QString>("iec");
        QTest::newRow("nothing") << 0.0 << "0 B/s"
                                 << "0 bit/s"
                                 << "0 B/s";
        QTest::newRow("nearly nothing") << 0.01 << "<1 B/s"
                                        << "<1 bit/s"
                                        << "<1 B/s";
        QTest::newRow("bytes") << 512.0 << "512 B/s"
                               << "4.10 kbit/s"
                               << "512 B/s";
        QTest::newRow("rounds up") << 999.6 << "1.00 kB/s"
                                   << "8.00 kbit/s"
                                   << "0.98 KiB/s";
        QTest::newRow("kilo") << 12'400.0 << "12.4 kB/s"
                              << "99.2 kbit/s"
                              << "12.1 KiB/s";
        QTest::newRow("no fourth digit") << 9'996.0 << "10.0 kB/s"
                                         << "80.0 kbit/s"
                                         << "9.76 KiB/s";
        QTest::newRow("mega") << 117'000'000.0 << "117 MB/s"
                              << "936 Mbit/s"
                              << "112 MiB/s";
        QTest::newRow("giga") << 1.25e9 << "1.25 GB/s"
                              << "10.0 Gbit/s"
                              << "1.16 GiB/s";
    }
    void ratesHaveThreeDigitsAndAUnit() {
        QFETCH(double, rate);
        QTEST(shown(format_rate(rate, {})), "bytes");
        QTEST(shown(format_rate(rate, {.bits = true})), "bits");
        QTEST(shown(format_rate(rate, {.iec = true})), "iec");
    }

    void everyNumberFitsItsColumn() {
        for (const bool bits : {false, true})
            for (const bool iec : {false, true}) {
                const Units units{bits, iec};
                const Format format{units, &signs};
                double value = 0.3;
                for (; value < 1e19; value *= 1.0371) {
                    const std::string rate = to_text({Rate{value}, Accuracy::Partial}, format);
                    QVERIFY2(text_width(rate) <= rate_width(units), rate.c_str());
                    const std::string total =
                        to_text({Bytes{static_cast<std::uint64_t>(value)}, Accuracy::Estimated}, format);
                    QVERIFY2(text_width(total) <= bytes_width(units), total.c_str());
                }
            }
        QCOMPARE(shown(format_bytes(std::numeric_limits<std::uint64_t>::max(), {})), "18.4 EB");
    }

    void aNumberSaysHowItIsKnown() {
        const Format format{{}, &signs};
        QCOMPARE(shown(to_text({Rate{1000}, Accuracy::Exact}, format)), "1.00 kB/s");
        QCOMPARE(shown(to_text({Rate{1000}, Accuracy::Partial}, format)), "≥1.00 kB/s");
        QCOMPARE(shown(to_text({Rate{1000}, Accuracy::Estimated}, format)), "~1.00 kB/s");
    }

    void whatIsNotKnownIsADashAndNotZero() {
        const Format format{{}, &signs};
        Traffic traffic{5, 6, 1, 1, std::nullopt, 1.0, Accuracy::Exact};
        QCOMPARE(shown(to_text(rx_rate(traffic), format)), "–");
        QCOMPARE(shown(to_text(both_rates(traffic), format)), "–");
        QCOMPARE(shown(to_text(rx_total(traffic), format)), "5 B");
        QCOMPARE(shown(to_text(both_totals(traffic), format)), "11 B");
        traffic.accuracy = Accuracy::Unavailable;
        QCOMPARE(shown(to_text(rx_total(traffic), format)), "–");
        QCOMPARE(shown(to_text(tx_rate(traffic), format)), "–");
    }

    void textIsCutAndPaddedToColumns_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("result");
        QTest::newRow("pad") << "abc" << 5 << "abc  ";
        QTest::newRow("exact") << "abcde" << 5 << "abcde";
        QTest::newRow("cut") << "abcdef" << 5 << "abcd…";
        QTest::newRow("wide") << "日本語" << 6 << "日本語";
        QTest::newRow("wide cut between") << "日本語" << 5 << "日本…";
        QTest::newRow("wide cut inside") << "日本語" << 4 << "日… ";
        QTest::newRow("combining") << "e\u0301a" << 3 << "e\u0301a ";
        QTest::newRow("no room") << "abc" << 0 << "";
        QTest::newRow("one column") << "abc" << 1 << "…";
    }
    void textIsCutAndPaddedToColumns() {
        QFETCH(QString, text);
        QFETCH(int, width);
        const std::string fitted = fit(text.toStdString(), width, Align::Left, signs);
        QTEST(shown(fitted), "result");
        QCOMPARE(text_width(fitted), width);
    }

    void nothingThatATerminalObeysGetsThrough_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("result");
        QTest::newRow("escape") << QByteArray("a\x1b[31mb") << QByteArray("a?[31mb");
        QTest::newRow("newline and tab") << QByteArray("a\nb\tc\r") << QByteArray("a?b?c?");
        QTest::newRow("nul") << QByteArray("a\0b", 3) << QByteArray("a?b");
        QTest::newRow("C1") << QByteArray("a\xc2\x9b"
                                          "b")
                            << QByteArray("a?b");
        QTest::newRow("right to left override") << QByteArray("a\xe2\x80\xae"
                                                              "b")
                                                << QByteArray("a?b");
        QTest::newRow("broken UTF-8") << QByteArray("a\xff\xc3") << QByteArray("a??");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("?");
    }
    void nothingThatATerminalObeysGetsThrough() {
        QFETCH(QByteArray, text);
        const std::string clean = displayable(text.toStdString());
        QTEST(QByteArray::fromStdString(clean), "result");
        QCOMPARE(text_width(text.toStdString()), text_width(clean));
    }

    void withoutUtf8TheSignsAreAscii() {
        const Glyphs& plain = glyphs(false);
        for (std::string_view sign :
             {plain.missing, plain.cut, plain.at_least, plain.about, plain.down, plain.up, plain.down_title,
              plain.up_title, plain.descending, plain.ascending, plain.dot})
            for (char c : sign)
                QVERIFY(c > 0x1f && c < 0x7f);
    }

    void timesHaveAUnit() {
        QCOMPARE(shown(format_milliseconds(0.002)), "<0.01 ms");
        QCOMPARE(shown(format_milliseconds(0.85)), "0.85 ms");
        QCOMPARE(shown(format_milliseconds(12.34)), "12.3 ms");
        QCOMPARE(shown(format_milliseconds(1200)), "1.20 s");
    }
};

QTEST_GUILESS_MAIN(FormatTest)
#include "format_test.moc"
