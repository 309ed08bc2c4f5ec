// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/machine.hpp"

#include <sockledger/shown_apps.hpp>

#include <QTest>

using namespace sockledger;
using namespace sockledger::testing;
using namespace std::chrono_literals;

namespace {

constexpr char curl[] = "exe:/usr/bin/curl";
constexpr char wget[] = "exe:/usr/bin/wget";

const ShownApp* find(const ShownApps& shown, std::string_view id) {
    for (const ShownApp& app : shown.apps())
        if (app.id == id)
            return &app;
    return nullptr;
}

} // namespace

class ShownAppsTest : public QObject {
    Q_OBJECT

private slots:
    void aCounterIsThatOfTheSampleBefore() {
        Machine machine;
        ShownApps shown({});
        machine.moves(curl, 1000, 10); // before anybody looked
        shown.update(machine.tick());
        QVERIFY(!find(shown, curl)); // it may have been long ago
        machine.moves(curl, 500, 5);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 1000u);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 1500u);
        QCOMPARE(find(shown, curl)->tx_bytes, 15u);
        QCOMPARE(shown.other().rx_bytes, 0u);
    }

    void aNewcomerBeginsBeforeItsFirstBytes() {
        Machine machine;
        ShownApps shown({});
        shown.update(machine.tick());
        machine.moves(curl, 4000);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 0u);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 4000u);
    }

    void allThatIsShownGrowsByAllThatWasMoved() {
        Machine machine;
        ShownApps shown({.most = 3, .forget_after = 100s, .wanted = {}});
        shown.update(machine.tick());
        std::map<AppId, std::uint64_t> before;
        std::uint64_t moved = 0;
        std::uint64_t grown = 0;
        for (int second = 0; second < 600; ++second) {
            for (int i = 0; i < 6 && second < 598; ++i) {
                const auto bytes = static_cast<std::uint64_t>(second * (i + 3) * 7919) % 100'000;
                machine.moves("unit:app" + std::to_string(second / 150 * 4 + i) + ".service", bytes);
                moved += bytes;
            }
            shown.update(machine.tick());
            std::map<AppId, std::uint64_t> now{{"other", shown.other().rx_bytes}};
            for (const ShownApp& app : shown.apps())
                now[app.id] = app.rx_bytes;
            QVERIFY(now.size() <= 4);
            for (const auto& [id, value] : now)
                if (before.contains(id)) { // as a host draws it: the first value shows no growth
                    QVERIFY(value >= before[id]);
                    grown += value - before[id];
                }
            before = now;
        }
        QCOMPARE(grown, moved);
    }

    void whoIsNotWantedIsAmongTheOthers() {
        Machine machine;
        ShownApps shown({.wanted = [](const App& app) { return app.id != curl; }});
        machine.moves(curl, 1);
        machine.moves(wget, 1);
        shown.update(machine.tick());
        machine.moves(curl, 100);
        machine.moves(wget, 100);
        machine.app(curl).connections = {3, 2, 1, 0, 2, 0, {}};
        machine.app(curl).processes = {{1, 1}, {2, 1}};
        shown.update(machine.tick());
        shown.update(machine.tick());
        QVERIFY(!find(shown, curl));
        QVERIFY(find(shown, wget));
        QCOMPARE(shown.other().rx_bytes, 100u);
        QCOMPARE(shown.other().connections.total, 3u);
        QCOMPARE(shown.other().connections.udp, 1u);
        QCOMPARE(shown.other().processes, 2u);
    }

    void thatThereIsNobodyIsKnown() {
        Machine machine;
        ShownApps shown({});
        shown.update(machine.tick());
        QCOMPARE(shown.other().accuracy, Accuracy::Exact);
        QCOMPARE(shown.other().rx_bytes, 0u);
        machine.now().sources[1].accuracy = Accuracy::Partial; // now there may be others
        shown.update(machine.tick());
        QCOMPARE(shown.other().accuracy, Accuracy::Unavailable);
    }

    void theOthersAreAsGoodAsTheirWorst() {
        Machine machine;
        ShownApps shown({.wanted = [](const App& app) { return app.id == wget; }});
        machine.moves(wget, 1);
        shown.update(machine.tick());
        machine.moves(wget, 1);
        shown.update(machine.tick());
        QCOMPARE(shown.other().accuracy, Accuracy::Exact); // there is nobody
        machine.app(curl).traffic.accuracy = Accuracy::Partial;
        shown.update(machine.tick());
        QCOMPARE(shown.other().accuracy, Accuracy::Exact); // who moved nothing makes nothing worse
        machine.moves(curl, 1);
        shown.update(machine.tick());
        QCOMPARE(shown.other().accuracy, Accuracy::Partial);
        QCOMPARE(shown.accuracy(), Accuracy::Partial);
        QCOMPARE(find(shown, wget)->accuracy, Accuracy::Exact);
    }

    void whoWasForgottenAndComesBackGoesOn() {
        Machine machine;
        ShownApps shown({});
        shown.update(machine.tick());
        machine.moves(curl, 500);
        shown.update(machine.tick());
        machine.now().apps.clear();
        shown.update(machine.tick());
        machine.moves(curl, 30); // begins anew
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 500u);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 530u);
    }

    void nothingIsKnownOfWhoIsNotSeen() {
        Machine machine;
        ShownApps shown({});
        shown.update(machine.tick());
        machine.moves(curl, 500);
        shown.update(machine.tick());
        const App gone = machine.app(curl);
        machine.now().apps.clear();
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->accuracy, Accuracy::Exact); // it is known to move nothing
        machine.now().sources[1].accuracy = Accuracy::Partial;  // another user's traffic is not seen now
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->accuracy, Accuracy::Unavailable);
        QCOMPARE(shown.accuracy(), Accuracy::Unavailable);
        machine.now().sources[1].accuracy = Accuracy::Exact;
        machine.app(curl) = gone;
        machine.moves(curl, 42);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 500u);
        shown.update(machine.tick());
        QCOMPARE(find(shown, curl)->rx_bytes, 542u);
    }
};

QTEST_GUILESS_MAIN(ShownAppsTest)
#include "shown_apps_test.moc"
