// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/busiest.hpp>

#include <QTest>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

using Keys = std::set<std::string>;

} // namespace

class BusiestTest : public QObject {
    Q_OBJECT

private slots:
    void theBusiestAreChosen() {
        Busiest busiest(2, 300s);
        busiest.update({{"a", 10, false}, {"b", 30, false}, {"c", 20, false}}, 0s);
        QCOMPARE(busiest.chosen(), (Keys{"b", "c"}));
    }

    void whoIsThereWithoutMovingAnythingIsChosenLast() {
        Busiest busiest(2, 300s);
        busiest.update({{"idle", 0, true}, {"a", 1, false}, {"gone", 0, false}}, 0s);
        QCOMPARE(busiest.chosen(), (Keys{"a", "idle"}));
    }

    void aShortBurstDoesNotPushOut() {
        Busiest busiest(1, 300s);
        busiest.update({{"a", 1000, false}}, 0s);
        busiest.update({{"a", 1000, false}, {"b", 100'000, false}}, 1s);
        QCOMPARE(busiest.chosen(), (Keys{"a"})); // it has its chart for a minute
    }

    void whoHasMovedNothingMakesRoomAtOnce() {
        Busiest busiest(1, 300s);
        busiest.update({{"idle", 0, true}}, 0s);
        busiest.update({{"idle", 0, true}, {"other idle", 0, true}}, 1s);
        QCOMPARE(busiest.chosen(), (Keys{"idle"}));
        busiest.update({{"idle", 0, true}, {"a", 1, false}}, 2s);
        QCOMPARE(busiest.chosen(), (Keys{"a"}));
    }

    void whoIsALittleBusierDoesNotPushOut() {
        Busiest busiest(1, 300s);
        for (auto now = 0s; now < 300s; ++now)
            busiest.update({{"a", 1000, false}, {"b", now == 0s ? 0 : std::uint64_t{1400}, false}}, now);
        QCOMPARE(busiest.chosen(), (Keys{"a"}));
    }

    void whoIsClearlyBusierPushesOutTheIdlest() {
        Busiest busiest(2, 300s);
        for (auto now = 0s; now < 61s; ++now)
            busiest.update({{"a", 1000, false}, {"b", 2000, false}}, now);
        for (auto now = 61s; now < 120s; ++now)
            busiest.update({{"a", 1000, false}, {"b", 2000, false}, {"c", 9000, false}}, now);
        QCOMPARE(busiest.chosen(), (Keys{"b", "c"}));
    }

    void rivalsDoNotTakeTurns() {
        Busiest busiest(1, 300s);
        std::string last;
        int changes = 0;
        for (auto now = 0s; now < 1000s; ++now) {
            const bool odd = now.count() % 2 == 1;
            busiest.update({{"a", odd ? 5000U : 0U, true}, {"b", odd ? 0U : 5000U, true}}, now);
            changes += *busiest.chosen().begin() != last ? 1 : 0;
            last = *busiest.chosen().begin();
        }
        QCOMPARE(changes, 1);
    }

    void whoIsSilentGoesAfterAWhile() {
        Busiest busiest(5, 300s);
        busiest.update({{"a", 10, false}}, 0s);
        busiest.update({}, 299s);
        QCOMPARE(busiest.chosen(), (Keys{"a"}));
        busiest.update({}, 300s);
        QVERIFY(busiest.chosen().empty());
        busiest.update({{"a", 10, false}}, 301s);
        QCOMPARE(busiest.chosen(), (Keys{"a"}));
    }

    void thereIsRoomForNoneWhenNoneIsAskedFor() {
        Busiest busiest(0, 300s);
        busiest.update({{"a", 10, true}}, 0s);
        busiest.update({{"a", 10, true}}, 100s);
        QVERIFY(busiest.chosen().empty());
    }
};

QTEST_GUILESS_MAIN(BusiestTest)
#include "busiest_test.moc"
