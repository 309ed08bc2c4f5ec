// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "clock_check.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::daemon;
using namespace std::chrono_literals;

class ClockCheckTest : public QObject {
    Q_OBJECT

    static constexpr auto noon = 1'800'000'000s;

    /// Minutes on end, of which each is as long on both clocks.
    static bool is_steady_after(ClockCheck& check, Instant& now, int minutes) {
        bool steady = false;
        for (int minute = 0; minute < minutes; ++minute) {
            now.boottime += 1min;
            now.realtime += 1min;
            steady = check.is_steady(now);
        }
        return steady;
    }

private slots:
    void aClockIsSteadyAfterTenMinutes() {
        ClockCheck check;
        Instant now{5min, noon};
        QVERIFY(!check.is_steady(now));
        QVERIFY(!is_steady_after(check, now, 9));
        QVERIFY(is_steady_after(check, now, 1));
    }

    void aLeapBeginsAnew() {
        for (const auto leap : {std::chrono::nanoseconds(24h * 365), std::chrono::nanoseconds(-1h)}) {
            ClockCheck check;
            Instant now{5min, noon};
            QVERIFY(is_steady_after(check, now, 20));
            now.realtime += leap;
            QVERIFY(!is_steady_after(check, now, 5));
            now.realtime -= leap;
            QVERIFY(!is_steady_after(check, now, 9));
            QVERIFY(is_steady_after(check, now, 2));
        }
    }

    void sleepAndSlewingAreNoLeaps() {
        ClockCheck check;
        Instant now{5min, noon};
        QVERIFY(is_steady_after(check, now, 20));
        now.boottime += 8h; // the machine slept, and both clocks went on
        now.realtime += 8h + 2s;
        QVERIFY(check.is_steady(now));
    }
};

QTEST_GUILESS_MAIN(ClockCheckTest)
#include "clock_check_test.moc"
