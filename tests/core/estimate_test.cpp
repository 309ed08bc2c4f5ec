// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"
#include "engine/estimate.hpp"

#include <QTest>

#include <numeric>
#include <random>

using namespace sockledger;
using namespace sockledger::test;

namespace {

std::uint64_t sum_of(const std::vector<std::uint64_t>& shares) {
    return std::accumulate(shares.begin(), shares.end(), std::uint64_t{0});
}

/// A machine that knows of connections and of interface counters, and of nothing else.
struct Blind : Script {
    Blind() {
        source("traffic").accuracy = Accuracy::Unavailable;
        source("sockets").accuracy = Accuracy::Estimated;
        loopback().addresses = {{"127.0.0.1", 8}};
        link(2, "").addresses = {{"192.0.2.1", 24}, {"fe80::1", 64}};
        link(2).default_route = true;
        link(3).addresses = {{"198.51.100.1", 24}, {"fe80::1", 64}};
    }
    SocketRecord& connection(std::uint32_t pid, SocketState state = SocketState::Established) {
        SocketRecord& record = socket(++cookie, pid);
        record.state = state;
        record.has_tcp_info = false;
        return record;
    }
    std::uint64_t cookie = 0;
};

const InterfaceId eth{own_netns, 2};
const InterfaceId veth{own_netns, 3};

std::uint64_t rx_of(const SnapshotPtr& snapshot, const char* app) {
    return snapshot->app(app) ? snapshot->app(app)->traffic.rx_bytes : 0;
}

} // namespace

class EstimateTest : public QObject {
    Q_OBJECT

private slots:
    void sharesAddUpAndNoneIsAWholeUnitOff() {
        std::mt19937_64 random(1);
        for (int round = 0; round < 2000; ++round) {
            std::vector<std::uint64_t> weights(random() % 20);
            for (auto& weight : weights)
                weight = random() % 5;
            const std::uint64_t sum = sum_of(weights);
            const std::uint64_t total = random() >> (random() % 40 + 24);
            const auto shares = share_out(total, weights);
            QCOMPARE(shares.size(), weights.size());
            QCOMPARE(sum_of(shares), sum == 0 ? 0 : total);
            for (std::size_t i = 0; sum != 0 && i < shares.size(); ++i) {
                const auto off = static_cast<std::int64_t>(shares[i] * sum - total * weights[i]);
                QVERIFY(std::abs(off) < static_cast<std::int64_t>(sum));
            }
        }
    }

    void theLargestNumbersDoNotOverflow() {
        constexpr std::uint64_t most = ~std::uint64_t{0};
        const std::vector<std::uint64_t> weights{1'000'000'000, 2'000'000'000, 1'000'000'000};
        const auto shares = share_out(most, weights);
        QCOMPARE(sum_of(shares), most);
        QCOMPARE(shares[1], most / 2); // the others have three quarters left, it has one half
        QCOMPARE(share_out(most, std::vector<std::uint64_t>{7}), std::vector<std::uint64_t>{most});
    }

    void withoutWeightNobodyGetsAnything() {
        QCOMPARE(share_out(100, {}), std::vector<std::uint64_t>{});
        QCOMPARE(share_out(100, std::vector<std::uint64_t>{0, 0}), (std::vector<std::uint64_t>{0, 0}));
    }

    void whatDoesNotDivideGoesToTheLargestRemainders() {
        QCOMPARE(share_out(10, std::vector<std::uint64_t>{1, 1, 1}), (std::vector<std::uint64_t>{4, 3, 3}));
        QCOMPARE(share_out(10, std::vector<std::uint64_t>{4, 1, 1}), (std::vector<std::uint64_t>{7, 2, 1}));
        QCOMPARE(share_out(7, std::vector<std::uint64_t>{1, 4, 1}), (std::vector<std::uint64_t>{1, 5, 1}));
    }

    void everyStateHasItsWeight_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("weight");
        for (int state = 0; state < int(socket_states); ++state) {
            int weight = 1;
            for (const auto none :
                 {SocketState::Unknown, SocketState::TimeWait, SocketState::Close, SocketState::Listen})
                weight = state == int(none) ? 0 : weight;
            weight = state == int(SocketState::Established) ? 4 : weight;
            QTest::newRow(to_string(SocketState(state)).data()) << state << weight;
        }
    }
    void everyStateHasItsWeight() {
        QFETCH(int, state);
        QFETCH(int, weight);
        Connection connection;
        connection.state = SocketState(state);
        connection.scope = Scope::Internet;
        QCOMPARE(weight_of(connection), std::uint64_t(weight));
        connection.scope = Scope::Loopback;
        QCOMPARE(weight_of(connection), 0u);
    }

    void bytesAreSharedByWeight() {
        Blind machine;
        machine.process(100, "/usr/bin/busy");
        machine.process(200, "/usr/bin/closing");
        machine.connection(100);
        machine.connection(200, SocketState::CloseWait);
        machine.connection(200, SocketState::Listen);
        machine.sample();
        machine.device_receives(2, 10, 986); // with its headers 10,000 bytes
        const SnapshotPtr snapshot = machine.sample();
        const App& busy = *snapshot->app("exe:/usr/bin/busy");
        QCOMPARE(busy.traffic.rx_bytes, 8000u);
        QCOMPARE(busy.traffic.rx_packets, 8u);
        QCOMPARE(busy.traffic.rx_rate, 8000.0);
        QCOMPARE(busy.traffic.accuracy, Accuracy::Estimated);
        QCOMPARE(busy.by_interface.at(eth).rx_bytes, 8000u);
        QCOMPARE(snapshot->process(Script::id(200))->traffic.rx_bytes, 2000u);
        const Interface& interface = *snapshot->interface(eth);
        QCOMPARE(interface.apps.rx_bytes, 10'000u);
        QCOMPARE(interface.apps.accuracy, Accuracy::Estimated);
        QCOMPARE(interface.kernel.accuracy, Accuracy::Unavailable);
        QCOMPARE(interface.unattributed.rx_bytes, 0u);
        QCOMPARE(interface.total.accuracy, Accuracy::Exact);
    }

    void eachInterfaceIsSharedAmongItsOwnConnections() {
        Blind machine;
        machine.process(100, "/usr/bin/near");
        machine.process(200, "/usr/bin/far");
        machine.connection(100).local.address = {198, 51, 100, 1};
        machine.connection(200);
        machine.sample();
        machine.device_receives(3, 1, 86);
        SnapshotPtr snapshot = machine.sample();
        QCOMPARE(rx_of(snapshot, "exe:/usr/bin/near"), 100u);
        QCOMPARE(rx_of(snapshot, "exe:/usr/bin/far"), 0u);
        QCOMPARE(snapshot->app("exe:/usr/bin/near")->by_interface.at(veth).rx_bytes, 100u);
    }

    void aConnectionWithoutAnInterfaceWeighsOnTheDefaultRoute() {
        Blind machine;
        machine.process(100, "/usr/bin/wildcard");
        machine.process(200, "/usr/bin/linklocal");
        machine.connection(100).local.address = {};
        SocketRecord& local = machine.connection(200); // an address that two interfaces have
        local.local.ipv6 = local.remote.ipv6 = true;
        local.local.address = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        local.remote.address = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
        machine.sample();
        machine.device_receives(2, 1, 86);
        machine.device_receives(3, 1, 86);
        const SnapshotPtr snapshot = machine.sample();
        QCOMPARE(rx_of(snapshot, "exe:/usr/bin/wildcard"), 50u);
        QCOMPARE(rx_of(snapshot, "exe:/usr/bin/linklocal"), 50u);
        QCOMPARE(snapshot->interface(veth)->unattributed.rx_bytes, 100u);
    }

    void whatNobodyCanHaveMovedIsUnattributed() {
        Blind machine;
        machine.process(100, "/usr/bin/local");
        machine.connection(100).remote.address = {192, 0, 2, 1}; // ourselves
        machine.connection(100, SocketState::Listen);
        machine.connection(100, SocketState::TimeWait);
        machine.sample();
        machine.device_receives(1, 1, 86);
        machine.device_receives(2, 1, 86);
        const SnapshotPtr snapshot = machine.sample();
        QCOMPARE(rx_of(snapshot, "exe:/usr/bin/local"), 0u);
        QCOMPARE(snapshot->interface(eth)->unattributed.rx_bytes, 100u);
        QCOMPARE(snapshot->interface(eth)->apps.rx_bytes, 0u);
        QVERIFY(snapshot->interface({own_netns, 1})->unattributed.rx_bytes > 0);
    }

    void aConnectionOfAHiddenProcessWeighsForTheUnknownApp() {
        Blind machine;
        machine.process(100, "/usr/bin/mine");
        machine.connection(100);
        machine.connection(0);
        machine.sample();
        machine.device_receives(2, 1, 86);
        const SnapshotPtr snapshot = machine.sample();
        QCOMPARE(rx_of(snapshot, "exe:/usr/bin/mine"), 50u);
        QCOMPARE(rx_of(snapshot, "unknown"), 50u);
    }

    void theAppsAddUpToTheInterfaceWhateverHappens() {
        for (std::uint32_t seed = 0; seed < 30; ++seed) {
            Blind machine;
            std::mt19937 random(seed);
            for (std::uint32_t second = 0; second < 40; ++second) {
                const auto pid = static_cast<std::uint32_t>(100 + random() % 6);
                machine.process(pid, "/usr/bin/program" + std::to_string(pid));
                machine.connection(pid, SocketState(random() % socket_states)).local.address[0] =
                    random() % 4 == 0 ? 0 : 192;
                if (random() % 3 == 0)
                    machine.sockets.erase(machine.sockets.begin());
                machine.read_sockets = random() % 3 != 0;
                machine.device_receives(2, random() % 7, random() % 1500);
                machine.link(2).stats.tx_bytes += random() % 100'000;
                machine.link(2).stats.tx_packets += random() % 100;
                const SnapshotPtr snapshot = machine.sample();
                const Interface& interface = *snapshot->interface(eth);
                Traffic sum;
                for (const App& app : snapshot->apps) {
                    const auto part = app.by_interface.find(eth);
                    if (part == app.by_interface.end())
                        continue;
                    sum.rx_bytes += part->second.rx_bytes;
                    sum.tx_bytes += part->second.tx_bytes;
                    sum.rx_packets += part->second.rx_packets;
                    sum.tx_packets += part->second.tx_packets;
                }
                QCOMPARE(sum.rx_bytes, interface.apps.rx_bytes);
                QCOMPARE(sum.rx_packets, interface.apps.rx_packets);
                QCOMPARE(sum.rx_bytes + interface.unattributed.rx_bytes, interface.total.rx_bytes);
                QCOMPARE(sum.tx_bytes + interface.unattributed.tx_bytes, interface.total.tx_bytes);
                QCOMPARE(sum.tx_packets + interface.unattributed.tx_packets, interface.total.tx_packets);
            }
        }
    }

    void theOrderOfTheTableDoesNotMatter() {
        Blind one;
        Blind other;
        std::mt19937 random(1);
        for (std::uint32_t pid = 100; pid < 130; ++pid) {
            one.process(pid, "/usr/bin/program");
            other.process(pid, "/usr/bin/program");
            one.connection(pid, SocketState(random() % socket_states));
        }
        other.sockets = one.sockets;
        std::ranges::shuffle(other.sockets, random);
        for (Blind* machine : {&one, &other}) {
            machine->sample();
            machine->device_receives(2, 1001, 777);
        }
        QCOMPARE(*one.sample(), *other.sample());
    }
};

QTEST_GUILESS_MAIN(EstimateTest)
#include "estimate_test.moc"
