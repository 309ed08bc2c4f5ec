// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"
#include "engine/recording.hpp"

#include <QTest>

#include <map>
#include <random>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

/// A machine that moves packets at random, and knows the truth: some devices count super-packets, packets
/// are on their way when a sample is taken, and processes come, exec and go.
class Machine {
public:
    explicit Machine(std::uint32_t seed) : random_(seed) {
        script.loopback();
        script.link(2, "").default_route = true;
        script.link(3, "veth");
        script.link(4, "bridge");
    }

    void live_for_a_while() {
        const std::uint32_t packets = below(200);
        for (std::uint32_t i = 0; i < packets; ++i) {
            move_packet(2 + below(3));
        }
        if (below(3) == 0) {
            start();
        }
        if (!processes_.empty() && below(6) == 0) {
            const auto gone = processes_.begin() + below(static_cast<std::uint32_t>(processes_.size()));
            script.exit(*gone);
            processes_.erase(gone);
        }
        if (!processes_.empty() && below(6) == 0) {
            script.process(processes_[0], "/usr/bin/other" + std::to_string(below(4)));
        }
    }

    // What is on its way arrives.
    void settle() {
        for (const auto& [device, bytes, packets] : underway_) {
            script.link(device).stats.tx_bytes += bytes;
            script.link(device).stats.tx_packets += packets;
        }
        underway_.clear();
    }

    void reset_something() {
        LinkRecord& link = script.link(2 + below(3));
        link.stats = {};
        link.born += below(2) * 1000;
    }

    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

    Script script;
    std::map<std::uint32_t, Amount> without_socket; // by device: the truth about what has no socket

private:
    struct Underway {
        std::uint32_t device;
        std::uint64_t bytes;
        std::uint64_t packets;
    };

    void start() {
        const std::uint32_t pid = next_pid_++;
        script.process(pid, "/usr/bin/program" + std::to_string(below(5)));
        script.socket(pid, pid);
        processes_.push_back(pid);
    }

    void move_packet(std::uint32_t device) {
        const std::uint32_t who = below(static_cast<std::uint32_t>(processes_.size()) + 2);
        const bool no_socket = who == processes_.size();
        const std::uint32_t pid = who < processes_.size() ? processes_[who] : 0;
        const std::uint64_t segments = no_socket || pid == 0 ? 1 : 1 + below(40);
        const std::uint64_t header = device == 4 ? 0 : 14; // of the bridge, when it receives
        const std::uint64_t payload = segments * 1000;
        const bool counts_segments = device == 2;
        if (below(2) == 0) {
            if (!no_socket) {
                add(script.row(pid, device).rx_bytes, payload + segments * 52);
                add(script.row(pid, device).rx_packets, segments);
                add(script.row(pid, device).rx_gso_bytes, (segments - 1) * 52);
                add(script.row(pid, device).rx_gso_packets, segments - 1);
            }
            const std::uint64_t counted = counts_segments ? segments : 1;
            script.link(device).stats.rx_bytes += payload + counted * (52 + header);
            script.link(device).stats.rx_packets += counted;
            if (no_socket) {
                without_socket[device].rx += {payload + 52 + header, 1};
            }
        } else {
            if (!no_socket) {
                add(script.row(pid, device).tx_bytes, payload + segments * 52);
                add(script.row(pid, device).tx_packets, segments);
                add(script.row(pid, device).tx_gso_bytes, (segments - 1) * 52);
                add(script.row(pid, device).tx_gso_packets, segments - 1);
            }
            const std::uint64_t counted = counts_segments ? segments : 1;
            underway_.push_back({device, payload + counted * (52 + 14), counted});
            if (no_socket) {
                without_socket[device].tx += {payload + 52 + 14, 1};
            }
            if (below(10) != 0) { // the rest waits in the device's queue
                settle();
            }
        }
    }

    static void add(std::uint64_t& counter, std::uint64_t step) { counter += step; }

    std::mt19937 random_;
    std::vector<std::uint32_t> processes_;
    std::uint32_t next_pid_ = 100;
    std::vector<Underway> underway_;
};

/// Fails when a total of anything is less than it was.
class NeverFalls {
public:
    void check(const Snapshot& snapshot) {
        see("total", snapshot.total);
        for (const App& app : snapshot.apps) {
            see("app " + app.id, app.traffic);
            see("loopback of app " + app.id, app.loopback);
            for (const auto& [id, traffic] : app.by_interface) {
                see("app " + app.id + " on " + std::to_string(id.ifindex), traffic);
            }
        }
        for (const Process& process : snapshot.processes) {
            see("process " + std::to_string(process.id.pid), process.traffic);
        }
        for (const Interface& interface : snapshot.interfaces) {
            see(interface.name, interface.total);
            see("apps on " + interface.name, interface.apps);
            see("kernel on " + interface.name, interface.kernel);
            see("unattributed on " + interface.name, interface.unattributed);
        }
    }

private:
    void see(const std::string& name, const Traffic& traffic) {
        Traffic& before = before_[name];
        QVERIFY2(traffic.rx_bytes >= before.rx_bytes && traffic.tx_bytes >= before.tx_bytes &&
                     traffic.rx_packets >= before.rx_packets && traffic.tx_packets >= before.tx_packets,
                 name.c_str());
        QVERIFY2(traffic.rx_rate.value_or(0) >= 0 && traffic.tx_rate.value_or(0) >= 0, name.c_str());
        before = traffic;
    }

    std::map<std::string, Traffic> before_;
};

} // namespace

class LedgerTest : public QObject {
    Q_OBJECT

private slots:
    void theBooksCloseWhateverHappened() {
        for (std::uint32_t seed = 0; seed < 50; ++seed) {
            Machine machine(seed);
            machine.script.sample();
            for (int second = 0; second < 30; ++second) {
                machine.live_for_a_while();
                machine.script.sample();
            }
            machine.settle();
            machine.script.sample();
            const SnapshotPtr snapshot = machine.script.sample();
            std::uint64_t of_apps = 0;
            std::uint64_t of_interfaces = 0;
            for (const Interface& interface : snapshot->interfaces) {
                const Amount& truth = machine.without_socket[interface.id.ifindex];
                QCOMPARE(interface.unattributed.rx_bytes, truth.rx.bytes);
                QCOMPARE(interface.unattributed.tx_bytes, truth.tx.bytes);
                QCOMPARE(interface.unattributed.rx_packets, truth.rx.packets);
                QCOMPARE(interface.unattributed.tx_packets, truth.tx.packets);
                QCOMPARE(interface.total.rx_bytes,
                         interface.apps.rx_bytes + interface.kernel.rx_bytes + truth.rx.bytes);
                QCOMPARE(interface.total.tx_bytes,
                         interface.apps.tx_bytes + interface.kernel.tx_bytes + truth.tx.bytes);
                of_interfaces += interface.apps.rx_bytes + interface.kernel.rx_bytes;
            }
            for (const App& app : snapshot->apps) {
                of_apps += app.traffic.rx_bytes;
            }
            QCOMPARE(of_apps, of_interfaces);
        }
    }

    void noTotalEverFalls() {
        for (std::uint32_t seed = 0; seed < 50; ++seed) {
            Machine machine(seed);
            NeverFalls never;
            for (int second = 0; second < 60; ++second) {
                machine.live_for_a_while();
                if (machine.below(5) == 0) {
                    machine.reset_something();
                }
                const bool blind = machine.below(5) == 0;
                TrafficReading rows = machine.script.readings.traffic;
                if (blind) {
                    machine.script.readings.traffic = {};
                    machine.script.source("traffic").accuracy = Accuracy::Unavailable;
                }
                never.check(*machine.script.sample(std::chrono::seconds(machine.below(3))));
                if (QTest::currentTestFailed()) {
                    return;
                }
                if (blind) {
                    machine.script.readings.traffic = std::move(rows);
                    machine.script.source("traffic").accuracy = Accuracy::Exact;
                }
            }
        }
    }

    void equalReadingsGiveEqualSnapshots() {
        Machine machine(1);
        Ledger other;
        std::vector<SnapshotPtr> held; // so that this one fills new Snapshots, and the other old ones
        for (int second = 0; second < 60; ++second) {
            machine.live_for_a_while();
            machine.script.read_sockets = machine.below(3) == 0;
            Readings readings = machine.script.readings;
            held.push_back(machine.script.sample());
            readings.time = machine.script.readings.time;
            readings.sockets = machine.script.readings.sockets;
            const auto decoded = decode_readings(encode_readings(readings));
            QVERIFY(decoded);
            QCOMPARE(*other.apply(*decoded), *held.back());
        }
    }
};

QTEST_GUILESS_MAIN(LedgerTest)
#include "ledger_test.moc"
