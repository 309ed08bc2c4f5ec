// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "chart_book.hpp"

#include "netdata/fake_netdata.hpp"

#include <QTest>

using namespace sockledger::netdata;
using namespace sockledger::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto second = std::chrono::microseconds(1'000'000);

Chart chart(const char* id, std::vector<Dimension> dimensions) {
    Chart made;
    made.id = made.context = id;
    made.title = "A title";
    made.units = "kilobits/s";
    made.family = "family";
    made.dimensions = std::move(dimensions);
    return made;
}

/// A book and a Netdata that reads it.
struct Pair {
    ChartBook book{1};
    FakeNetdata netdata;
    std::chrono::seconds now{1000};

    std::string show(const std::vector<Chart>& charts) {
        std::string text = book.update(charts, second, ++now);
        netdata.read(text);
        return text;
    }
};

} // namespace

class ChartBookTest : public QObject {
    Q_OBJECT

private slots:
    void aChartIsDeclaredOnce() {
        Pair pair;
        QCOMPARE(
            pair.show({chart("a", {bytes("in", 7)})}),
            std::string("CHART sockledger.a '' 'A title' 'kilobits/s' 'family' sockledger.a line 7000 1 '' "
                        "sockledger.plugin family\n"
                        "DIMENSION in 'in' incremental 8 1000 ''\n"
                        "BEGIN sockledger.a\nSET in = 7\nEND\n"));
        QCOMPARE(pair.show({chart("a", {bytes("in", 9)})}),
                 std::string("BEGIN sockledger.a 1000000\nSET in = 9\nEND\n"));
    }

    void aChartThatIsGoneHasAGapAndThenIsObsolete() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 1)}), chart("b", {bytes("in", 1)})});
        for (int second = 0; second < 59; ++second) {
            QCOMPARE(pair.show({chart("b", {bytes("in", 2)})}),
                     std::string("BEGIN sockledger.b 1000000\nSET in = 2\nEND\n"));
        }
        pair.show({chart("b", {bytes("in", 2)})});
        QVERIFY(!pair.netdata.shows("a") && pair.netdata.shows("b"));
        QVERIFY(pair.show({chart("b", {bytes("in", 3)})}).find("sockledger.a ") == std::string::npos);
        pair.show({chart("a", {bytes("in", 5)}), chart("b", {bytes("in", 3)})});
        QVERIFY(pair.netdata.shows("a"));
        QCOMPARE(pair.netdata.chart("a").declared, 3);
    }

    void aChartThatComesBackSoonIsNotDeclaredAgain() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 100)})});
        pair.show({});
        QCOMPARE(pair.show({chart("a", {bytes("in", 900)})}),
                 std::string("BEGIN sockledger.a\nSET in = 100\nEND\n"));
        QCOMPARE(pair.show({chart("a", {bytes("in", 907)})}),
                 std::string("BEGIN sockledger.a 1000000\nSET in = 107\nEND\n"));
    }

    void aValueThatIsNotKnownIsAGap() {
        Pair pair;
        Chart one = chart("a", {bytes("in", 100), gauge("up", 1)});
        pair.show({one});
        one.dimensions[0].value = one.dimensions[1].value = std::nullopt;
        QCOMPARE(pair.show({one}), std::string("BEGIN sockledger.a 1000000\nEND\n"));
        pair.show({chart("a", {bytes("in", 5000), gauge("up", 0)})});
        QCOMPARE(pair.netdata.chart("a").value("in"), 100);
        QCOMPARE(pair.netdata.chart("a").value("up"), 0);
    }

    void aCounterThatComesBackDoesNotLeap() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 100)})});
        pair.show({chart("a", {bytes("in", 150)})});
        pair.now += 100s;
        pair.show({});
        QVERIFY(!pair.netdata.shows("a"));
        pair.show({chart("a", {bytes("in", 1'000'000'000)})});
        QCOMPARE(pair.netdata.chart("a").value("in"), 150);
        pair.show({chart("a", {bytes("in", 1'000'000'025)})});
        QCOMPARE(pair.netdata.chart("a").value("in"), 175);
    }

    void aCounterThatFallsStandsStill() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 4'294'009'000)})});
        pair.show({chart("a", {bytes("in", 10'000)})});
        QCOMPARE(pair.netdata.chart("a").value("in"), 4'294'009'000);
        pair.show({chart("a", {bytes("in", 10'500)})});
        QCOMPARE(pair.netdata.chart("a").value("in"), 4'294'009'500);
    }

    void aGaugeMayFall() {
        Pair pair;
        pair.show({chart("a", {gauge("connections", 9)})});
        pair.show({chart("a", {gauge("connections", 3)})});
        QCOMPARE(pair.netdata.chart("a").value("connections"), 3);
    }

    void dimensionsComeAndGo() {
        Pair pair;
        pair.show({chart("a", {bytes("x", 10), bytes("other", 1)})});
        pair.show({chart("a", {bytes("y", 500), bytes("other", 2)})});
        QVERIFY(pair.netdata.chart("a").dimensions.at("x").obsolete);
        QCOMPARE(pair.netdata.chart("a").value("other"), 2);
        pair.show({chart("a", {bytes("x", 9999), bytes("y", 501), bytes("other", 3)})});
        QVERIFY(!pair.netdata.chart("a").dimensions.at("x").obsolete);
        QCOMPARE(pair.netdata.chart("a").value("x"), 10);
        QCOMPARE(pair.netdata.chart("a").value("y"), 501);
    }

    void anotherLabelIsDeclared() {
        Pair pair;
        Chart one = chart("a", {bytes("in", 1)});
        one.labels = {{"accuracy", "partial"}};
        pair.show({one});
        one.labels = {{"accuracy", "exact"}};
        pair.show({one});
        QCOMPARE(pair.netdata.chart("a").labels.at("accuracy"), std::string("exact"));
        QCOMPARE(pair.netdata.chart("a").declared, 2);
    }

    void aVariableIsSentWhenItChanges() {
        Pair pair;
        Chart one = chart("a", {bytes("in", 1)});
        one.variables = {{"limit", 5}};
        QVERIFY(pair.show({one}).find("VARIABLE CHART limit = 5\n") != std::string::npos);
        QVERIFY(pair.show({one}).find("VARIABLE") == std::string::npos);
        one.variables = {{"limit", 6}};
        QVERIFY(pair.show({one}).find("VARIABLE CHART limit = 6\n") != std::string::npos);
        QCOMPARE(pair.netdata.chart("a").declared, 1);
    }

    void aSecondChartOfTheSameIdIsLeftOut() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 1)}), chart("a", {bytes("in", 5)})});
        QCOMPARE(pair.netdata.chart("a").value("in"), 1);
    }

    void anUnknownTimeIsNotSent() {
        ChartBook book(1);
        (void)book.update({chart("a", {bytes("in", 1)})}, second, 1s);
        for (const auto elapsed : {0us, -5us})
            QVERIFY(
                book.update({chart("a", {bytes("in", 1)})}, elapsed, 2s).starts_with("BEGIN sockledger.a\n"));
    }

    void theNextRunGoesOnFromWhereThisOneWas() {
        Pair first;
        first.show({chart("a", {bytes("in", 5'000'000)}), chart("b", {gauge("up", 1)})});
        first.show({chart("a", {bytes("in", 5'000'100)})});
        Pair second_run;
        second_run.netdata = first.netdata; // it refuses a counter that falls
        second_run.book.load(first.book.save(first.now));
        second_run.show({chart("a", {bytes("in", 77)})});
        QCOMPARE(second_run.netdata.chart("a").value("in"), 5'000'100);
        second_run.show({chart("a", {bytes("in", 80)})});
        QCOMPARE(second_run.netdata.chart("a").value("in"), 5'000'103);
    }

    void countersOfChartsThatAreHiddenAreKeptForADay() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 5)})});
        QVERIFY(pair.book.save(pair.now + 23h).find("a in 5") != std::string::npos);
        QVERIFY(pair.book.save(pair.now + 25h).find("a in 5") == std::string::npos);
    }

    void aDamagedFileOfCountersDoesNoHarm() {
        Pair pair;
        pair.show({chart("a", {bytes("in", 5)}), chart("b", {bytes("in", 6)})});
        const std::string whole = pair.book.save(pair.now);
        for (std::size_t length = 0; length <= whole.size(); ++length) {
            Pair other;
            other.book.load(std::string_view(whole).substr(0, length));
            other.show({chart("a", {bytes("in", 1)})});
        }
        for (const char* text :
             {"", "\n\n", "sockledger.plugin counters 2\na in 5 1\n",
              "sockledger.plugin counters 1\na in -5 1\na in 99999999999999999999 1\n\na\n"}) {
            Pair other;
            other.book.load(text);
            other.show({chart("a", {bytes("in", 1)})});
            QCOMPARE(other.netdata.chart("a").value("in"), 1);
        }
    }

    void aCounterNearTheEndOfItsRangeStays() {
        Pair pair;
        pair.book.load("sockledger.plugin counters 1\na in 9223372036854775807 1\n");
        pair.show({chart("a", {bytes("in", 1)})});
        pair.show({chart("a", {bytes("in", 1'000'000)})});
    }

    void whatIsForgottenIsTheOldest() {
        Pair pair;
        for (int i = 0; i < 6000; ++i)
            (void)pair.book.update({chart(("c" + std::to_string(i)).c_str(), {bytes("in", 5)})}, second,
                                   std::chrono::seconds(1000 + i));
        const std::string saved = pair.book.save(7000s);
        QVERIFY(saved.find("c5999 ") != std::string::npos);
        QVERIFY(saved.find("c10 ") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(ChartBookTest)
#include "chart_book_test.moc"
