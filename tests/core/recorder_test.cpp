// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/recorder_scene.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

class RecorderTest : public QObject {
    Q_OBJECT

private slots:
    void whatPassedBeforeIsNotBooked() {
        Machine machine;
        machine.device(eth0, 5000);
        machine.moves("exe:/bin/old", eth0, 4000);
        Recorder recorder({}, boot);
        QVERIFY(recorder.record(machine.next()).parts.empty());
    }

    void theBooksCloseInEveryIncrement() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.device(eth0, 1000, 300);
        machine.moves("exe:/bin/a", eth0, 600, 300);
        machine.moves("kernel", eth0, 100);
        machine.at(eth0).unattributed.rx_bytes += 300;
        const Increment increment = recorder.record(machine.next());
        Booked booked;
        booked.add(increment);
        QCOMPARE(booked.rx.at({"eth0", "exe:/bin/a"}), 600);
        QCOMPARE(booked.rx.at({"eth0", "kernel"}), 100);
        QCOMPARE(booked.rx.at({"eth0", "unattributed"}), 300);
        QCOMPARE(booked.total.at("eth0"), 1300);
        QCOMPARE(increment.time, 1'800'000'002s);
        for (const UsagePart& part : increment.parts)
            QVERIFY(part.interface.counted);
    }

    void anApplicationThatTheEngineHadForgottenBeginsAnew() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.device(eth0, 600);
        machine.moves("exe:/bin/a", eth0, 600);
        recorder.record(machine.next());
        machine.forget("exe:/bin/a");
        recorder.record(machine.next());
        machine.device(eth0, 50);
        machine.moves("exe:/bin/a", eth0, 50);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.rx.at({"eth0", "exe:/bin/a"}), 50);
    }

    void loopbackAndWhatNobodyAskedForIsLeftOut() {
        Machine machine;
        machine.add(wlan0, "wlan0");
        Recorder recorder({}, boot);
        recorder.set_monitored({{"eth*"}});
        recorder.record(machine.next());
        machine.device(lo, 100);
        machine.moves("exe:/bin/a", lo, 100);
        machine.device(wlan0, 200);
        machine.moves("exe:/bin/a", wlan0, 200);
        QVERIFY(recorder.record(machine.next()).parts.empty());
        recorder.set_monitored({{"wlan?"}});
        QVERIFY(recorder.record(machine.next()).parts.empty());
        machine.device(wlan0, 50);
        machine.moves("exe:/bin/a", wlan0, 50);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.rx.size(), std::size_t(1));
        QCOMPARE(booked.rx.at({"wlan0", "exe:/bin/a"}), 50);
    }

    void aNewInterfaceCountsFromItsStart() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.add(wlan0, "wlan0");
        machine.device(wlan0, 700);
        machine.moves("exe:/bin/a", wlan0, 700);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.total.at("wlan0"), 700);
    }

    void anInterfaceOutsideTheTotalIsKeptApart() {
        Machine machine;
        machine.add(wlan0, "wlan0");
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.moves("exe:/bin/a", wlan0, 10);
        machine.device(wlan0, 10);
        QCOMPARE(recorder.record(machine.next()).parts.at(0).interface, (HistoryInterface{"wlan0", false}));
        machine.snapshot.total_of = {wlan0};
        machine.moves("exe:/bin/a", wlan0, 10);
        machine.device(wlan0, 10);
        QCOMPARE(recorder.record(machine.next()).parts.at(0).interface, (HistoryInterface{"wlan0", true}));
    }

    void chosenInterfacesCountUnlessTheyRideOnAnother() {
        Machine machine;
        machine.add(wlan0, "br0");
        machine.at(eth0).master = wlan0;
        QCOMPARE(counted_interfaces(machine.snapshot, {{"*"}}), (std::vector<InterfaceId>{lo, wlan0}));
        QCOMPARE(counted_interfaces(machine.snapshot, {{"eth0"}}), (std::vector<InterfaceId>{eth0}));
        QCOMPARE(counted_interfaces(machine.snapshot, {}), (std::vector<InterfaceId>{eth0}));
    }

    void namespacesOfOthersHaveARowOfTheirOwn() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.moves("container:web", inside, 500);
        const Increment increment = recorder.record(machine.next());
        QCOMPARE(increment.parts.size(), std::size_t(1));
        QCOMPARE(increment.parts[0].interface, (HistoryInterface{std::string(other_namespaces), false}));
        QCOMPARE(increment.parts[0].rx_bytes, 500);
    }

    void aNamespaceWithANameHasInterfacesOfItsOwnOutsideTheTotal() {
        Machine machine;
        machine.add(inside, "eth0");
        machine.at(inside).netns_name = "web";
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.device(inside, 520);
        machine.moves("container:web", inside, 500);
        machine.at(inside).unattributed.rx_bytes += 20;
        const Increment increment = recorder.record(machine.next());
        Booked booked;
        booked.add(increment);
        QCOMPARE(booked.rx.at({"web/eth0", "container:web"}), 500);
        QCOMPARE(booked.rx.at({"web/eth0", "unattributed"}), 20);
        for (const UsagePart& part : increment.parts)
            QVERIFY(!part.interface.counted);
        // Its namespace would be taken for the machine's own at the next start.
        for (const Checkpoint& checkpoint : increment.checkpoints)
            QCOMPARE(checkpoint.id.netns, netns);
    }

    void aNamespaceThatGetsANameKeepsItsBooks() {
        Machine machine;
        machine.add(inside, "eth0");
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.device(inside, 500);
        machine.moves("exe:/bin/a", inside, 500);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.total.at(std::string(other_namespaces)), 500);
        machine.at(inside).netns_name = "web";
        for (int i = 0; i < 30; ++i)
            QVERIFY(recorder.record(machine.next()).parts.empty());
        machine.device(inside, 100);
        machine.moves("exe:/bin/a", inside, 100);
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.total.at("web/eth0"), 100);
    }

    void namesChooseAmongNamespacesToo() {
        Machine machine;
        machine.add(inside, "eth0");
        machine.at(inside).netns_name = "web";
        Recorder recorder({}, boot);
        recorder.set_monitored({{"eth0"}});
        recorder.record(machine.next());
        machine.device(inside, 500);
        machine.moves("container:web", inside, 500);
        QVERIFY(recorder.record(machine.next()).parts.empty());
        recorder.set_monitored({{"web/*"}});
        recorder.record(machine.next());
        machine.device(inside, 500);
        machine.moves("container:web", inside, 500);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.total.at("web/eth0"), 500);
        QCOMPARE(counted_interfaces(machine.snapshot, {{"*eth0"}}), (std::vector<InterfaceId>{eth0}));
    }

    void aLowerBoundWithoutInterfaceIsBookedAsSuch() {
        Machine machine;
        machine.at(eth0).kernel.accuracy = Accuracy::Unavailable;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        App& app = machine.app("exe:/bin/a");
        app.traffic.accuracy = Accuracy::Partial;
        app.traffic.rx_bytes = 400;
        machine.device(eth0, 1000);
        Booked booked;
        const Increment increment = recorder.record(machine.next());
        booked.add(increment);
        QCOMPARE(booked.rx.at({std::string(unknown_interface), "exe:/bin/a"}), 400);
        QCOMPARE(booked.rx.at({"eth0", "unattributed"}), 1000);
        QCOMPARE(increment.parts.at(0).accuracy, Accuracy::Partial);
    }

    void packetsInFlightAreNotBookedTwice() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        Booked booked;
        machine.moves("exe:/bin/a", eth0, 0, 1500); // on its way to the device
        booked.add(recorder.record(machine.next()));
        machine.device(eth0, 0, 1500);
        booked.add(recorder.record(machine.next()));
        for (int i = 0; i < 30; ++i)
            QVERIFY(recorder.record(machine.next()).parts.empty());
        QCOMPARE(booked.total.at("eth0"), 1500);
    }

    void whatWasDroppedBeforeTheDeviceIsTakenBack() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        Booked booked;
        machine.moves("exe:/bin/a", eth0, 0, 3000);
        machine.device(eth0, 0, 2000);
        for (int i = 0; i < 30; ++i) {
            machine.moves("exe:/bin/a", eth0, 0, 10);
            machine.device(eth0, 0, 10);
            booked.add(recorder.record(machine.next()));
        }
        QCOMPARE(booked.total.at("eth0"), 2300);
    }

    void theTotalIsThatOfTheDeviceAfterEveryRest() {
        Machine machine;
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        Booked booked;
        std::uint64_t state = 1;
        const auto random = [&](std::uint64_t below) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            return (state >> 33) % below;
        };
        std::uint64_t device = 0;
        for (int round = 0; round < 50; ++round) {
            for (int i = 0; i < 20; ++i) {
                const std::uint64_t sent = random(100'000);
                machine.moves(random(2) ? "exe:/bin/a" : "exe:/bin/b", eth0, sent);
                const std::uint64_t arrived = sent - std::min(sent, random(3000)) + random(2000);
                machine.device(eth0, arrived);
                device += arrived;
                booked.add(recorder.record(machine.next()));
            }
            for (int i = 0; i < 12; ++i)
                booked.add(recorder.record(machine.next()));
            QCOMPARE(booked.total.at("eth0"), std::int64_t(device));
        }
    }

    void aDeviceThatGoesClosesItsBook() {
        Machine machine;
        machine.add(wlan0, "wlan0");
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        Booked booked;
        machine.device(wlan0, 900); // nobody has claimed it yet
        booked.add(recorder.record(machine.next()));
        std::erase_if(machine.snapshot.interfaces, [](const Interface& i) { return i.id == wlan0; });
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.rx.at({"wlan0", "unattributed"}), 900);
    }

    void anInterfaceThatTheEngineHasForgottenStaysBookedAsItWas() {
        Machine machine;
        machine.add(wlan0, "wlan0");
        Recorder recorder({}, boot);
        recorder.record(machine.next());
        machine.device(wlan0, 900);
        machine.moves("exe:/bin/a", wlan0, 900);
        recorder.record(machine.next());
        std::erase_if(machine.snapshot.interfaces, [](const Interface& i) { return i.id == wlan0; });
        recorder.record(machine.next());
        machine.app("exe:/bin/a").by_interface.erase(wlan0);
        QVERIFY(recorder.record(machine.next()).parts.empty());
        // one that is met again in the very sample begins anew, too
        machine.add(wlan0, "wlan0");
        machine.device(wlan0, 50);
        machine.moves("exe:/bin/a", wlan0, 50);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        machine.app("exe:/bin/a").by_interface.erase(wlan0);
        machine.device(wlan0, 20);
        machine.moves("exe:/bin/a", wlan0, 20);
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.rx.size(), std::size_t(1));
        QCOMPARE(booked.rx.at({"wlan0", "exe:/bin/a"}), 70);
    }

    void aBookThatBeginsAnewCountsFromZero() {
        Machine machine;
        Recorder recorder({}, boot);
        machine.device(eth0, 5000);
        recorder.record(machine.next());
        machine.at(eth0).total = traffic(0, 0);
        machine.device(eth0, 70);
        machine.at(eth0).unattributed = traffic(70, 0);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.total.at("eth0"), 70);
    }

    void aGapIsRecoveredFromTheDevice() {
        Machine machine;
        machine.at(eth0).device_rx_bytes = 10'000;
        Recorder first({}, boot);
        first.record(machine.next());
        machine.device(eth0, 1000);
        machine.moves("exe:/bin/a", eth0, 400);
        const Increment before = first.record(machine.next());
        QCOMPARE(checkpoint_of(before, "eth0").rx_bytes, 11'000u);
        QCOMPARE(checkpoint_of(before, "eth0").rx_unbooked, 600);

        machine.device(eth0, 5000); // while nobody recorded
        Recorder second(before.checkpoints, boot);
        const Increment after = second.record(machine.next(1h));
        QCOMPARE(after.gaps.size(), std::size_t(1));
        QCOMPARE(after.gaps[0].rx_bytes, 5600);
        QCOMPARE(after.gaps[0].window, (TimeWindow{before.time, after.time}));
        QCOMPARE(after.parts.size(), std::size_t(1));
        QCOMPARE(after.parts[0].app, std::string(unattributed_app));
        QCOMPARE(after.parts[0].rx_bytes, 5600);
        QVERIFY(second.record(machine.next()).gaps.empty());
    }

    void aGapIsRecovered_data() {
        QTest::addColumn<QString>("boot_before");
        QTest::addColumn<uint>("netns_before");
        QTest::addColumn<uint>("ifindex_before");
        QTest::addColumn<qulonglong>("counter_before");
        QTest::addColumn<bool>("physical");
        QTest::addColumn<qlonglong>("recovered"); // of a device that stands at 8000
        const QString here = QString::fromStdString(boot);
        QTest::newRow("same device") << here << netns << 2u << 5000ull << true << 3000ll;
        QTest::newRow("nothing moved") << here << netns << 2u << 8000ull << true << 0ll;
        QTest::newRow("device was reset") << here << netns << 2u << 9000ull << true << 8000ll;
        QTest::newRow("other boot") << "1234" << netns << 2u << 5000ull << true << 8000ll;
        QTest::newRow("other boot, other namespace number")
            << "1234" << 77u << 2u << 5000ull << true << 8000ll;
        QTest::newRow("made since") << here << netns << 9u << 5000ull << false << 8000ll;
        QTest::newRow("hardware with a past") << here << netns << 9u << 5000ull << true << 0ll;
        QTest::newRow("other namespace") << here << 77u << 2u << 5000ull << false << 0ll;
    }

    void aGapIsRecovered() {
        QFETCH(QString, boot_before);
        QFETCH(uint, netns_before);
        QFETCH(uint, ifindex_before);
        QFETCH(qulonglong, counter_before);
        QFETCH(bool, physical);
        QFETCH(qlonglong, recovered);
        Machine machine;
        machine.at(eth0).device_rx_bytes = 8000;
        machine.at(eth0).kind = physical ? InterfaceKind::Physical : InterfaceKind::Veth;
        Checkpoint checkpoint{"eth0", {netns_before, ifindex_before}, boot_before.toStdString()};
        checkpoint.rx_bytes = counter_before;
        checkpoint.time = 1'799'000'000s;
        Recorder recorder({checkpoint}, boot);
        Booked booked;
        booked.add(recorder.record(machine.next()));
        QCOMPARE(booked.total["eth0"], recovered);
    }

    void aFirstRunHasNoGap() {
        Machine machine;
        machine.at(eth0).device_rx_bytes = 8000;
        Recorder recorder({}, boot);
        const Increment increment = recorder.record(machine.next());
        QVERIFY(increment.gaps.empty());
        QVERIFY(increment.parts.empty());
        QCOMPARE(checkpoint_of(increment, "eth0").rx_bytes, 8000u);
    }
};

QTEST_GUILESS_MAIN(RecorderTest)
#include "recorder_test.moc"
