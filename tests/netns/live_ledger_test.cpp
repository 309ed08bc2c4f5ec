// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"
#include "kernel/cgroup2_mount.hpp"
#include "live_engine.hpp"
#include "support/require.hpp"
#include "support/scenario.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <sched.h>
#include <sys/mount.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

Scenario find_scenario(const std::string& name) {
    for (const Scenario& scenario : all_scenarios()) {
        if (scenario.name == name)
            return scenario;
    }
    throw std::runtime_error("no scenario: " + name);
}

} // namespace

/// The whole way, from packets on a link to the Snapshot that hosts show.
class LiveLedgerTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns", "bpf"); }

    void theSnapshotIsWhatTheDeviceCounted_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"tcp bulk over IPv4", "tcp ping-pong over IPv6", "udp unconnected over IPv4",
                                 "brief processes with udp over IPv4"})
            QTest::newRow(name) << QString(name);
    }

    void theSnapshotIsWhatTheDeviceCounted() {
        QFETCH(QString, name);
        const Namespace client_side, server_side;
        const VethPair link(client_side, server_side);
        link.set_offloads(Offloads::Off);
        auto engine = open_engine(client_side);
        QVERIFY(engine);
        QVERIFY(engine->sample());
        const DeviceCounters before = link.left().counters();

        ScenarioRun run(find_scenario(name.toStdString()), link.left(), link.right());
        run.play();
        QVERIFY(link.wait_until_quiet());
        auto snapshot = engine->sample();
        QVERIFY(snapshot);
        const Interface* interface = interface_of(**snapshot, link.left());
        QVERIFY(interface);
        COMPARE_COUNTERS(counters(interface->total), without_drops(link.left().counters() - before));
        COMPARE_COUNTERS(counters(interface->apps), counters(interface->total));
        COMPARE_COUNTERS(counters(interface->unattributed), DeviceCounters{});
        QCOMPARE(interface->apps.accuracy, Accuracy::Exact);

        const auto& apps = (*snapshot)->apps;
        // Another traffic_peer may be at work elsewhere on the machine.
        const auto app = std::ranges::find_if(apps, [&](const App& candidate) {
            return candidate.name == "traffic_peer" && candidate.by_interface.contains(interface->id);
        });
        QVERIFY(app != apps.end());
        COMPARE_COUNTERS(counters(app->by_interface.at(interface->id)), counters(interface->apps));
        run.leave();
    }

    /// A device that counts packets of many segments: the books close in what is on the wire, and that
    /// is the payload and the headers of as many segments as TCP says it has sent.
    void superPacketsAreCountedAsTheirSegments() {
        const Namespace client_side, server_side;
        const VethPair link(client_side, server_side);
        link.set_offloads(Offloads::On);
        auto engine = open_engine(client_side);
        QVERIFY(engine && engine->sample());
        const DeviceCounters before = link.left().counters();

        constexpr std::int64_t bytes = 3'000'000;
        Peer server(server_side, {"tcp-bulk", "server", "local=192.0.2.2", "bytes=3000000"});
        server.ready();
        Peer client(client_side, {"tcp-bulk", "client", "peer=192.0.2.2", "bytes=3000000"});
        client.ready();
        exchange(client, server);
        QVERIFY(link.wait_until_quiet());
        auto info = client.tcp_info();
        auto snapshot = engine->sample();
        QVERIFY(snapshot);
        const Interface* interface = interface_of(**snapshot, link.left());
        QVERIFY(interface);
        QVERIFY((link.left().counters() - before).tx_packets < info.at("segs_out") / 2);
        QCOMPARE(interface->apps.tx_packets, info.at("segs_out"));
        QCOMPARE(interface->apps.rx_packets, info.at("segs_in"));
        constexpr std::int64_t header = 14 + 20 + 32, syn_extra = 8;
        const auto payload = static_cast<std::int64_t>(interface->apps.tx_bytes) -
                             header * static_cast<std::int64_t>(interface->apps.tx_packets) - syn_extra;
        QCOMPARE(payload, bytes + static_cast<std::int64_t>(info.at("bytes_retrans")));
        COMPARE_COUNTERS(counters(interface->apps), counters(interface->total));
        COMPARE_COUNTERS(counters(interface->unattributed), DeviceCounters{});
        leave_together({&client, &server});
    }

    void forwardedTrafficIsUnattributed() {
        const Namespace client_side, router, server_side;
        const VethPair near(client_side, router, 0), far(router, server_side, 1);
        near.set_offloads(Offloads::Off);
        far.set_offloads(Offloads::Off);
        router.sysctl("net/ipv4/ip_forward", "1");
        client_side.ip({"route", "add", "198.51.100.0/24", "via", near.right().ipv4});
        server_side.ip({"route", "add", "192.0.2.0/24", "via", far.left().ipv4});
        auto engine = open_engine(router);
        QVERIFY(engine && engine->sample());
        const DeviceCounters before = near.right().counters();

        Peer server(server_side, {"tcp-bulk", "server", "local=" + far.right().ipv4, "bytes=1000000"});
        server.ready();
        Peer client(client_side, {"tcp-bulk", "client", "peer=" + far.right().ipv4, "bytes=1000000"});
        client.ready();
        exchange(client, server);
        leave_together({&client, &server});
        QVERIFY(near.wait_until_quiet() && far.wait_until_quiet());
        QVERIFY(engine->sample()); // a remainder counts when it is there twice
        auto snapshot = engine->sample();
        QVERIFY(snapshot);
        const Interface* interface = interface_of(**snapshot, near.right());
        QVERIFY(interface && interface->total.rx_bytes > 1'000'000);
        COMPARE_COUNTERS(counters(interface->total), without_drops(near.right().counters() - before));
        COMPARE_COUNTERS(counters(interface->unattributed), counters(interface->total));
    }

    /// `ip netns exec` mounts a /sys of its own over the system's, without the cgroups.
    void aHiddenCgroupTreeIsFound() {
        auto problem = std::async(std::launch::async, [] {
            checked(unshare(CLONE_NEWNS), "unshare");
            checked(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount");
            while (auto path = cgroup2_mount())
                checked(umount2(path->c_str(), MNT_DETACH), "umount2");
            auto root = open_cgroup2_root();
            return root ? std::string() : root.error().message;
        });
        QCOMPARE(problem.get(), std::string());
    }

    void withoutPrivilegeOneSourceSaysWhatIsMissing() {
        const auto [status, said] = Child::ask([](const Child::Say& say) {
            checked(setresuid(65534, 65534, 65534), "setresuid");
            auto engine = Engine::open();
            auto snapshot = engine ? (*engine)->sample() : engine.error();
            if (!snapshot)
                throw std::runtime_error(snapshot.error().message);
            for (const SourceStatus& source : (*snapshot)->sources)
                say(source.name + " " + std::string(to_string(source.accuracy)) + ": " + source.detail +
                    "\n");
            say("interfaces " + std::to_string((*snapshot)->interfaces.size()));
        });
        QCOMPARE(status, 0);
        const QString text = QString::fromStdString(said);
        QVERIFY2(
            text.contains("traffic unavailable: exact traffic needs CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN"),
            said.c_str());
        QVERIFY2(text.contains("links exact") && text.contains("sockets partial"), said.c_str());
        QVERIFY2(!text.endsWith("interfaces 0"), said.c_str());
    }

    void aRecordingReplaysToTheSameSnapshots() {
        const Namespace client_side, server_side;
        const VethPair link(client_side, server_side);
        QTemporaryDir directory;
        const std::string path = directory.filePath("recording.jsonl").toStdString();
        std::vector<SnapshotPtr> live;
        {
            auto engine = open_engine(client_side);
            QVERIFY(engine && engine->record_to(path));
            const auto sample = [&] {
                if (auto snapshot = engine->sample())
                    live.push_back(*snapshot);
            };
            sample();
            for (const char* name :
                 {"udp unconnected over IPv4", "a listener of several processes over IPv6"}) {
                ScenarioRun run(find_scenario(name), link.left(), link.right());
                run.play();
                sample();
                run.leave();
                sample();
            }
        }
        QCOMPARE(live.size(), std::size_t(5));
        auto replay = open_replay(path);
        QVERIFY2(replay, replay ? "" : replay.error().message.c_str());
        for (const SnapshotPtr& snapshot : live) {
            auto again = (*replay)->sample();
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QVERIFY(**again == *snapshot);
        }
        QVERIFY(!(*replay)->sample());
    }

    /// What no slot is left for is said to be lost; here there is room, so nothing may be.
    void aStormOfConnectionsLosesNothing() {
        const Namespace client_side, server_side;
        const VethPair link(client_side, server_side);
        auto engine = open_engine(client_side);
        QVERIFY(engine && engine->sample());
        const DeviceCounters before = link.left().counters();
        Peer server(server_side,
                    {"many", "server", "local=192.0.2.2", "count=100000", "size=100", "ports=10"});
        server.ready();
        Peer client(client_side, {"many", "client", "peer=192.0.2.2", "local=192.0.2.1", "count=100000",
                                  "size=100", "ports=10", "rate=10000"});
        client.ready();
        const PeerReport report = exchange(client, server);
        leave_together({&client, &server});
        QVERIFY(link.wait_until_quiet());
        auto snapshot = engine->sample();
        QVERIFY(snapshot);
        for (const SourceStatus& source : (*snapshot)->sources)
            QVERIFY2(source.lost_bytes == 0 && source.lost_events == 0, source.name.c_str());
        const Interface* interface = interface_of(**snapshot, link.left());
        QVERIFY(interface);
        COMPARE_COUNTERS(counters(interface->total), without_drops(link.left().counters() - before));
        // of each connection at most the packets of its TIME_WAIT have no socket
        const std::uint64_t sockets = interface->apps.tx_packets + interface->kernel.tx_packets;
        QVERIFY(sockets <= interface->total.tx_packets && interface->total.tx_packets - sockets <= 100'000);
        QVERIFY(interface->apps.tx_bytes > report.tx);
    }
};

QTEST_GUILESS_MAIN(LiveLedgerTest)
#include "live_ledger_test.moc"
