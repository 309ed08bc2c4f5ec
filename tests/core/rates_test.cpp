// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/meter.hpp"
#include "engine/rates.hpp"

#include <QTest>

using namespace sockledger;
using namespace std::chrono_literals;

class RatesTest : public QObject {
    Q_OBJECT

private slots:
    void aRateIsBytesPerSecondOfTheTrueInterval() {
        QCOMPARE(rate(1000, 4000, 1s), 3000.0);
        QCOMPARE(rate(1000, 4000, 1500ms), 2000.0); // jitter of the sampler does not show
        QCOMPARE(rate(1000, 1000, 1s), 0.0);
    }

    void firstSightGivesNoRate() { QCOMPARE(rate(std::nullopt, 4000, 1s), std::nullopt); }

    void counterResetGivesNoRate() { QCOMPARE(rate(4000, 1000, 1s), std::nullopt); }

    void noTimeOrTimeBackwardsGivesNoRate() {
        QCOMPARE(rate(1000, 4000, 0s), std::nullopt);
        QCOMPARE(rate(1000, 4000, -1s), std::nullopt);
    }

    void aRateOfVeryLargeTotalsIsExact() {
        const std::uint64_t large = std::uint64_t{1} << 63;
        QCOMPARE(rate(large, large + 5000000000, 1s), 5e9);
    }

    void counterStepsAreDifferences() {
        QCOMPARE(counter_step(10, 25), (CounterStep{15, false}));
        QCOMPARE(counter_step(0xffffffff, 0x100000000), (CounterStep{1, false}));
    }

    void aCounterThatFallsWasReset() {
        QCOMPARE(counter_step(1000, 10), (CounterStep{0, true}));
        QCOMPARE(counter_step(0x80000000, 10), (CounterStep{0, true}));         // half way
        QCOMPARE(counter_step(0xf0000000, 0x50000000), (CounterStep{0, true})); // lands too high
        QCOMPARE(counter_step(0x1fffffffff, 0x10), (CounterStep{0, true}));     // was beyond 32 bits
    }

    void aCounterOf32BitsRunsOver() {
        QCOMPARE(counter_step(0xffffff00, 0x100), (CounterStep{0x200, false}));
        QCOMPARE(counter_step(0xffffffff, 0), (CounterStep{1, false}));
    }

    void aMeterHasNoRateAfterASampleThatWasNotRead() {
        Meter meter;
        meter.close(0s);
        QCOMPARE(meter.traffic(Accuracy::Exact).rx_rate, std::nullopt);
        meter.add({{100, 1}, {}});
        meter.close(1s);
        QCOMPARE(meter.traffic(Accuracy::Exact).rx_rate, 100.0);
        QCOMPARE(meter.traffic(Accuracy::Exact).tx_rate, 0.0);

        meter.skip();
        QCOMPARE(meter.traffic(Accuracy::Exact).rx_rate, std::nullopt);
        meter.add({{400, 4}, {}}); // of two intervals
        meter.close(1s);
        QCOMPARE(meter.traffic(Accuracy::Exact).rx_rate, std::nullopt);
        meter.add({{100, 1}, {}});
        meter.close(1s);
        QCOMPARE(meter.traffic(Accuracy::Exact).rx_rate, 100.0);
        QCOMPARE(meter.traffic(Accuracy::Exact).rx_bytes, 600u);
    }
};

QTEST_GUILESS_MAIN(RatesTest)
#include "rates_test.moc"
