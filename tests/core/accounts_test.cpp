// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t eth = 2;
constexpr InterfaceId eth_id{own_netns, eth};

} // namespace

class AccountsTest : public QObject {
    Q_OBJECT

private slots:
    void bytesGoToTheProcessAndItsApp() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.process(101, "/usr/bin/curl");
        script.sample();
        script.receive(100, eth, 1, 86);
        script.receive(101, eth, 2, 86);
        const SnapshotPtr snapshot = script.sample();
        const App* app = snapshot->app("exe:/usr/bin/curl");
        QVERIFY(app);
        QCOMPARE(app->name, "curl");
        QCOMPARE(app->traffic.rx_bytes, 300u);
        QCOMPARE(app->traffic.rx_rate, 300.0);
        QCOMPARE(app->traffic.accuracy, Accuracy::Exact);
        QCOMPARE(app->by_interface.at(eth_id).rx_bytes, 300u);
        QCOMPARE(app->processes, (std::vector{Script::id(100), Script::id(101)}));
        QCOMPARE(snapshot->process(Script::id(101))->traffic.rx_bytes, 200u);
        QCOMPARE(snapshot->process(Script::id(101))->app, "exe:/usr/bin/curl");
    }

    void theFirstSampleHasNoRate() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 1, 86);
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_rate, std::nullopt);
    }

    /// Everything was counted when it began: it has moved nothing before.
    void whoIsNewHasARateAtOnce() {
        Script script;
        script.link(eth, "");
        script.sample();
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 1, 86);
        const SnapshotPtr first = script.sample();
        QCOMPARE(first->process(Script::id(100))->traffic.rx_bytes, 100u);
        QCOMPARE(first->process(Script::id(100))->traffic.rx_rate, 100.0);
        QCOMPARE(first->app("exe:/usr/bin/curl")->traffic.rx_rate, 100.0);
        QCOMPARE(first->app("exe:/usr/bin/curl")->by_interface.at(eth_id).rx_rate, 100.0);
        script.receive(100, eth, 1, 86);
        QCOMPARE(script.sample(500ms)->process(Script::id(100))->traffic.rx_rate, 200.0);
    }

    void totalsOfAnAppSurviveItsProcesses() {
        Script script;
        script.link(eth, "");
        for (std::uint32_t pid = 100; pid < 110; ++pid) {
            script.process(pid, "/usr/bin/curl");
            script.receive(pid, eth, 1, 86);
            script.exit(pid);
            const SnapshotPtr snapshot = script.sample();
            script.remove_rows(pid);
            QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, (pid - 99) * 100u);
            QVERIFY(snapshot->app("exe:/usr/bin/curl")->processes.empty());
            QVERIFY(!snapshot->process(Script::id(pid))->alive);
        }
    }

    void theDeadAreForgottenAndTheirBytesAreNot() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 1, 86);
        script.exit(100);
        script.sample();
        script.remove_rows(100);
        QVERIFY(script.sample(4min)->process(Script::id(100)));
        const SnapshotPtr later = script.sample(2min);
        QVERIFY(!later->process(Script::id(100)));
        QCOMPARE(later->app("exe:/usr/bin/curl")->traffic.rx_bytes, 100u);
    }

    void aStormOfProcessesDoesNotGrowTheTable() {
        Script script;
        script.link(eth, "");
        std::uint32_t pid = 100;
        SnapshotPtr snapshot;
        for (int second = 0; second < 30; ++second) {
            for (int i = 0; i < 1000; ++i, ++pid) {
                script.process(pid, "/usr/bin/curl");
                script.row(pid, eth).tx_bytes = 60;
                script.row(pid, eth).tx_packets = 1;
                script.exit(pid);
            }
            snapshot = script.sample();
            script.readings.traffic.rows.clear();
        }
        QVERIFY(snapshot->processes.size() < 2100);
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.tx_bytes, 30000u * 74);
    }

    void aReusedPidIsAnotherProcess() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 1, 86);
        script.exit(100);
        script.sample();
        const ProcessId later{100, 999999};
        script.process(100, "/usr/bin/wget").process = later;
        script.readings.traffic.rows.push_back({later, eth_id, false, {.rx_bytes = 186, .rx_packets = 1}});
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->process(Script::id(100))->traffic.rx_bytes, 100u);
        QCOMPARE(snapshot->process(later)->traffic.rx_bytes, 200u);
        QCOMPARE(snapshot->app("exe:/usr/bin/wget")->traffic.rx_bytes, 200u);
    }

    void execChangesTheAppFromThenOn() {
        Script script;
        script.link(eth, "");
        script.process(100, "/bin/sh");
        script.receive(100, eth, 1, 86);
        script.sample();
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 2, 86);
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/bin/sh")->traffic.rx_bytes, 100u);
        QVERIFY(snapshot->app("exe:/bin/sh")->processes.empty());
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 200u);
        QCOMPARE(snapshot->process(Script::id(100))->traffic.rx_bytes, 300u);
        QCOMPARE(snapshot->process(Script::id(100))->comm, "curl");
    }

    void aRowThatIsMadeAnewAddsItsBytes() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 10, 86);
        script.sample();
        script.remove_rows(100);
        script.sample();
        script.receive(100, eth, 1, 86); // late, in a new row
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_bytes, 1100u);
    }

    void bytesThatMoveToAnotherRowAreCountedOnce() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.row(100, eth).rx_bytes = 1000;
        script.sample();
        script.row(100, eth).rx_bytes = 900; // a dispute was settled
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_bytes, 1000u);
        script.row(100, eth).rx_bytes = 1100;
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_bytes, 1100u);
    }

    void bytesHandedOverWithinAnAppDoNotAppearTwice() {
        for (const auto& [giver, taker] : {std::pair(100u, 101u), std::pair(101u, 100u)}) {
            Script script;
            script.link(eth, "");
            script.process(100, "/usr/bin/server");
            script.process(101, "/usr/bin/server");
            script.row(100, eth);
            script.row(101, eth);
            script.sample();
            script.receive(giver, eth, 10, 86); // the socket was its own
            script.sample();
            std::swap(script.row(giver, eth), script.row(taker, eth)); // but the other one read
            const SnapshotPtr snapshot = script.sample();
            QCOMPARE(snapshot->app("exe:/usr/bin/server")->traffic.rx_bytes, 1000u);
            QCOMPARE(snapshot->process(Script::id(taker))->traffic.rx_bytes, 1000u);
            QCOMPARE(snapshot->interface(eth_id)->apps.rx_bytes, 1000u);
            QCOMPARE(snapshot->interface(eth_id)->unattributed.rx_bytes, 0u);
        }
    }

    void loopbackIsCountedApart() {
        Script script;
        script.loopback();
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.row(100, 1).rx_bytes = 500; // no link header there
        script.row(100, 1).rx_packets = 5;
        script.receive(100, eth, 1, 86);
        const SnapshotPtr snapshot = script.sample();
        const App* app = snapshot->app("exe:/usr/bin/curl");
        QCOMPARE(app->traffic.rx_bytes, 100u);
        QCOMPARE(app->loopback.rx_bytes, 500u);
        QCOMPARE(app->by_interface.size(), 2u);
        QCOMPARE(snapshot->process(Script::id(100))->loopback.rx_bytes, 500u);
        QCOMPARE(snapshot->process(Script::id(100))->traffic.rx_bytes, 100u);
    }

    void interfacesOfOtherNamespacesHaveTheirOwnId() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.row(100, InterfaceId{other_netns, eth}) = {.rx_bytes = 100, .rx_packets = 1};
        script.row(100, InterfaceId{other_netns, 1}) = {.rx_bytes = 7, .rx_packets = 1}; // a loopback
        const SnapshotPtr snapshot = script.sample();
        const App* app = snapshot->app("exe:/usr/bin/curl");
        QCOMPARE(app->by_interface.at({other_netns, eth}).rx_bytes, 100u);
        QCOMPARE(app->traffic.rx_bytes, 100u);
        QCOMPARE(app->loopback.rx_bytes, 7u);
        QCOMPARE(snapshot->interfaces.size(), 1u);
        QCOMPARE(snapshot->interface(eth_id)->apps.rx_bytes, 0u);
    }

    void aRowWithoutInterfaceStillBelongsToItsProcess() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.row(100, InterfaceId{0, 0}).rx_bytes = 100;
        script.row(0, InterfaceId{0, 0}).rx_bytes = 60;
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 100u);
        QVERIFY(snapshot->app("exe:/usr/bin/curl")->by_interface.empty());
        QCOMPARE(snapshot->app("kernel")->traffic.rx_bytes, 60u);
        QCOMPARE(snapshot->interface(eth_id)->kernel.rx_bytes, 0u);
    }

    void socketsOfTheKernelAreTheKernel() {
        Script script;
        script.link(eth, "");
        script.receive(0, eth, 1, 86);
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("kernel")->traffic.rx_bytes, 100u);
        QCOMPARE(snapshot->interface(eth_id)->kernel.rx_bytes, 100u);
        QCOMPARE(snapshot->interface(eth_id)->apps.rx_bytes, 0u);
        QVERIFY(snapshot->processes.empty());
    }

    void aCopyOfAPacketIsNotOnTheWireTwice() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/a");
        script.process(101, "/usr/bin/b");
        script.sample();
        script.receive(100, eth, 5, 86);
        script.row(101, eth_id, true) = {.rx_bytes = 430, .rx_packets = 5}; // multicast
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/b")->traffic.rx_bytes, 500u);
        QCOMPARE(snapshot->interface(eth_id)->apps.rx_bytes, 500u);
        QCOMPARE(snapshot->interface(eth_id)->unattributed.rx_bytes, 0u);
    }

    void theKernelsWordNamesAProcessThatNobodyDescribed() {
        Script script;
        script.link(eth, "");
        script.receive(100, eth, 1, 86);
        KernelIdentity identity;
        identity.process = Script::id(100);
        identity.comm = "curl";
        identity.exe = "/usr/bin/curl";
        script.readings.traffic.identities = {identity};
        const SnapshotPtr alive = script.sample();
        QCOMPARE(alive->app("exe:/usr/bin/curl")->traffic.rx_bytes, 100u);
        QVERIFY(alive->process(Script::id(100))->alive);
        script.readings.traffic.identities[0].exited = true;
        QVERIFY(!script.sample()->process(Script::id(100))->alive);
    }

    void aProcessThatNobodyKnowsIsUnknownAndItsBytesStay() {
        Script script;
        script.link(eth, "");
        script.receive(100, eth, 1, 86);
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("unknown")->name, "unknown process");
        QCOMPARE(snapshot->app("unknown")->traffic.rx_bytes, 100u);
        QVERIFY(!snapshot->process(Script::id(100))->alive);
        QCOMPARE(snapshot->interface(eth_id)->apps.rx_bytes, 100u);
        script.remove_rows(100);
        const SnapshotPtr later = script.sample(6min);
        QVERIFY(later->processes.empty());
        QCOMPARE(later->app("unknown")->traffic.rx_bytes, 100u);
    }

    void bytesOfAProcessThatIsForgottenStayWithItsApp() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.receive(100, eth, 1, 86);
        script.exit(100);
        script.sample();
        script.sample(6min);
        script.receive(100, eth, 1, 86); // the kernel still sends
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/usr/bin/curl")->traffic.rx_bytes, 200u);
        QVERIFY(!snapshot->app("unknown"));
    }

    void aSourceThatFailsForOneSampleUndoesNothing() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.receive(100, eth, 10, 86);
        script.sample();

        const TrafficReading rows = std::exchange(script.readings.traffic, {});
        script.source("traffic").accuracy = Accuracy::Unavailable;
        const SnapshotPtr blind = script.sample();
        const App* app = blind->app("exe:/usr/bin/curl");
        QCOMPARE(app->traffic.rx_bytes, 1000u);
        QCOMPARE(app->traffic.rx_rate, std::nullopt);
        QCOMPARE(app->traffic.accuracy, Accuracy::Partial);

        script.readings.traffic = rows;
        script.source("traffic").accuracy = Accuracy::Exact;
        script.receive(100, eth, 1, 86);
        const SnapshotPtr back = script.sample();
        QCOMPARE(back->app("exe:/usr/bin/curl")->traffic.rx_bytes, 1100u); // not 2100
        QCOMPARE(back->app("exe:/usr/bin/curl")->traffic.rx_rate, std::nullopt);
        script.receive(100, eth, 1, 86);
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_rate, 100.0);
    }

    void suspendAndClockChangesDoNotDistortRates() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.sample();
        script.readings.time.realtime -= 3600s; // someone sets the wall clock back
        script.receive(100, eth, 10, 86);
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_rate, 1000.0);
        script.receive(100, eth, 10, 86);
        QCOMPARE(script.sample(10h)->app("exe:/usr/bin/curl")->traffic.rx_rate, 1000.0 / 36000);
        script.receive(100, eth, 10, 86);
        const SnapshotPtr standing = script.sample(0s);
        QCOMPARE(standing->app("exe:/usr/bin/curl")->traffic.rx_rate, std::nullopt);
        QCOMPARE(standing->app("exe:/usr/bin/curl")->traffic.rx_bytes, 3000u);
        const SnapshotPtr backwards = script.sample(-1s);
        QCOMPARE(backwards->interval, 0ns);
        QCOMPARE(backwards->app("exe:/usr/bin/curl")->traffic.rx_rate, std::nullopt);
    }

    void sumsBeyond32BitsAreExact() {
        Script script;
        script.link(eth, "");
        script.process(100, "/usr/bin/curl");
        script.row(100, eth) = {.rx_bytes = 40000000000, .rx_packets = 1000000000};
        QCOMPARE(script.sample()->app("exe:/usr/bin/curl")->traffic.rx_bytes, 40000000000u + 14000000000u);
    }

    void everythingIsSorted() {
        Script script;
        script.link(eth, "");
        for (std::uint32_t pid : {300u, 100u, 200u}) {
            script.process(pid, "/usr/bin/p" + std::to_string(1000 - pid));
            script.socket(5000 - pid, pid);
        }
        const SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->processes.size(), 3u);
        QVERIFY(std::ranges::is_sorted(snapshot->processes, {}, &Process::id));
        QVERIFY(std::ranges::is_sorted(snapshot->apps, {}, &App::id));
        QVERIFY(std::ranges::is_sorted(snapshot->connections, {}, &Connection::id));
        QVERIFY(std::ranges::is_sorted(snapshot->sources, {}, &SourceStatus::name));
    }
};

QTEST_GUILESS_MAIN(AccountsTest)
#include "accounts_test.moc"
