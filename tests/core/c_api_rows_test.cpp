// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/c_api_handles.hpp"
#include "core/served.hpp"
#include "support/random_snapshot.hpp"

#include <sockledger/daemon.hpp>
#include <sockledger/derived.hpp>

#include <QTemporaryDir>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// The row that `get` gives; a row of zeros, without a size, when it gives none.
template<typename Row, typename Get>
Row row_of(Get get) {
    auto row = empty<Row>();
    if (get(&row) != 0)
        row = {};
    return row;
}

bool same(const sockledger_traffic& c, const Traffic& t) {
    const auto rate = [&](double value, std::uint32_t bit, const std::optional<double>& expected) {
        return ((c.valid & bit) != 0) == expected.has_value() && (!expected || value == *expected);
    };
    return c.rx_bytes == t.rx_bytes && c.tx_bytes == t.tx_bytes && c.rx_packets == t.rx_packets &&
           c.tx_packets == t.tx_packets && c.accuracy == static_cast<std::uint32_t>(t.accuracy) &&
           rate(c.rx_rate, SOCKLEDGER_TRAFFIC_RX_RATE, t.rx_rate) &&
           rate(c.tx_rate, SOCKLEDGER_TRAFFIC_TX_RATE, t.tx_rate);
}

bool same(const sockledger_counts& c, const ConnectionCounts& counts) {
    return c.total == counts.total && c.tcp == counts.tcp && c.udp == counts.udp && c.other == counts.other &&
           std::ranges::equal(c.tcp_states, counts.tcp_states);
}

bool same(const sockledger_endpoint& c, const Endpoint& endpoint) {
    return std::ranges::equal(c.address, endpoint.address) && c.port == endpoint.port &&
           c.family == (endpoint.ipv6 ? 6 : 4);
}

template<typename Value>
bool same(Value value, bool valid, const std::optional<Value>& expected) {
    return valid == expected.has_value() && value == expected.value_or(0);
}

} // namespace

/// What comes out of the C ABI against what comes out of the C++ one, of the same daemon.
class CApiRowsTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string path_ = dir_.filePath("socket").toStdString();
    std::unique_ptr<Served> served_;
    SnapshotPtr expected_;
    sockledger_feed* feed_ = nullptr;
    sockledger_snapshot* snapshot_ = nullptr;

    void take(const Snapshot& shown) {
        served_ = std::make_unique<Served>(path_);
        served_->run(
            [&](Service& service) { service.backend.current = std::make_shared<const Snapshot>(shown); });
        FeedOptions options;
        options.source = FeedOptions::Source::Daemon;
        options.socket = path_;
        auto feed = open_feed(options);
        auto c_options = empty<sockledger_feed_options>();
        c_options.source = SOCKLEDGER_DAEMON;
        c_options.path = path_.c_str();
        if (!feed || sockledger_feed_open(&c_options, &feed_, nullptr, 0) != 0)
            qFatal("open");
        for (int sample = 0; sample < 2; ++sample) { // the second one has rates
            sockledger_snapshot_release(snapshot_);
            auto taken = (*feed)->sample();
            if (!taken || sockledger_feed_sample(feed_, &snapshot_) != 0)
                qFatal("%s%s", taken ? "" : taken.error().message.c_str(), sockledger_feed_error(feed_));
            expected_ = *taken;
            served_->run([](Service& service) { service.backend.advance(); });
        }
    }

private slots:
    void init() { take(sample::snapshot()); }

    void cleanup() {
        sockledger_snapshot_release(std::exchange(snapshot_, nullptr));
        sockledger_feed_close(std::exchange(feed_, nullptr));
        served_.reset();
    }

    void theDescriptionIsThatOfTheSnapshot() {
        const auto info = row_of<sockledger_snapshot_info>(
            [&](auto* row) { return sockledger_snapshot_describe(snapshot_, row); });
        QCOMPARE(info.sequence, 2u);
        QCOMPARE(info.boottime_ns, static_cast<std::uint64_t>(expected_->time.boottime.count()));
        QCOMPARE(info.realtime_ns, static_cast<std::uint64_t>(expected_->time.realtime.count()));
        QCOMPARE(info.interval_ns, 1'000'000'000u);
        QCOMPARE(info.since_ns, static_cast<std::uint64_t>(expected_->since.count()));
        QCOMPARE(info.netns, expected_->netns);
        QCOMPARE(info.accuracy, static_cast<std::uint32_t>(app_accuracy(*expected_)));
        QVERIFY(same(info.total, expected_->total));
        QVERIFY(info.total.valid & SOCKLEDGER_TRAFFIC_RX_RATE);
        QCOMPARE(info.interfaces, expected_->interfaces.size());
        QCOMPARE(info.apps, expected_->apps.size());
        QCOMPARE(info.processes, expected_->processes.size());
        QCOMPARE(info.connections, expected_->connections.size());
        QCOMPARE(info.sources, expected_->sources.size());
        QCOMPARE(info.missing, what_is_missing(*expected_).c_str());
        QCOMPARE(info.from_daemon, 1u);
    }

    void whatIsMissingIsSaid() {
        cleanup();
        take(sample::unprivileged());
        const auto info = row_of<sockledger_snapshot_info>(
            [&](auto* row) { return sockledger_snapshot_describe(snapshot_, row); });
        QVERIFY(std::string(info.missing).starts_with("exact traffic needs CAP_BPF"));
        QCOMPARE(info.accuracy, SOCKLEDGER_PARTIAL);
    }

    void everyRowIsThatOfTheSnapshot_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 0; seed < 20; ++seed)
            QTest::addRow("%u", seed) << seed; // 0: the sample
    }
    void everyRowIsThatOfTheSnapshot() {
        QFETCH(unsigned, seed);
        if (seed != 0) {
            cleanup();
            Snapshot any = testing::random_snapshot(seed);
            any.time = expected_->time; // of which not anything is accepted
            for (SourceStatus& source : any.sources)
                source.took = std::chrono::nanoseconds(seed);
            take(any);
        }
        std::size_t at = 0;
        for (const Interface& interface : expected_->interfaces) {
            const auto row = row_of<sockledger_interface>(
                [&](auto* to) { return sockledger_snapshot_interface(snapshot_, at, to); });
            QCOMPARE(row.size, sizeof row);
            QCOMPARE(row.netns, interface.id.netns);
            QCOMPARE(row.ifindex, interface.id.ifindex);
            QCOMPARE(row.name, interface.name.c_str());
            QCOMPARE(row.kind, std::string(to_string(interface.kind)).c_str());
            QCOMPARE(row.netns_name, interface.netns_name.c_str());
            QCOMPARE(row.unattributed_cause, std::string(to_string(interface.unattributed_cause)).c_str());
            QCOMPARE(row.up != 0, interface.up);
            QCOMPARE(row.loopback != 0, interface.loopback);
            QCOMPARE(row.default_route != 0, interface.default_route);
            QCOMPARE((row.valid & SOCKLEDGER_INTERFACE_LOWER) != 0, interface.lower.has_value());
            QVERIFY(
                (InterfaceId{row.lower_netns, row.lower_ifindex} == interface.lower.value_or(InterfaceId())));
            QCOMPARE((row.valid & SOCKLEDGER_INTERFACE_MASTER) != 0, interface.master.has_value());
            QCOMPARE(row.master_ifindex, interface.master.value_or(InterfaceId()).ifindex);
            QVERIFY(same(row.total, interface.total) && same(row.apps, interface.apps) &&
                    same(row.kernel, interface.kernel) && same(row.unattributed, interface.unattributed));
            QCOMPARE(row.rx_errors, interface.rx_errors);
            QCOMPARE(row.tx_errors, interface.tx_errors);
            QCOMPARE(row.rx_dropped, interface.rx_dropped);
            QCOMPARE(row.tx_dropped, interface.tx_dropped);
            QCOMPARE(row.device_rx_bytes, interface.device_rx_bytes);
            QCOMPARE(row.device_tx_bytes, interface.device_tx_bytes);
            QCOMPARE(row.addresses, interface.addresses.size());
            for (std::size_t i = 0; i < interface.addresses.size(); ++i) {
                const auto address = row_of<sockledger_address>(
                    [&](auto* to) { return sockledger_snapshot_address(snapshot_, at, i, to); });
                QCOMPARE(address.address, interface.addresses[i].address.c_str());
                QCOMPARE(address.prefix_length, interface.addresses[i].prefix_length);
            }
            ++at;
        }
        at = 0;
        for (const App& app : expected_->apps) {
            const auto row =
                row_of<sockledger_app>([&](auto* to) { return sockledger_snapshot_app(snapshot_, at, to); });
            QCOMPARE(row.id, app.id.c_str());
            QCOMPARE(row.name, std::string(app_name(*expected_, app.id)).c_str());
            QCOMPARE(row.icon, app.icon.c_str());
            QCOMPARE(row.processes, app.processes.size());
            QVERIFY(same(row.traffic, app.traffic) && same(row.loopback, app.loopback) &&
                    same(row.connections, app.connections));
            QCOMPARE(row.interfaces, app.by_interface.size());
            std::size_t i = 0;
            for (const auto& [id, traffic] : app.by_interface) {
                const auto part = row_of<sockledger_app_interface>(
                    [&](auto* to) { return sockledger_snapshot_app_interface(snapshot_, at, i, to); });
                QVERIFY((InterfaceId{part.netns, part.ifindex} == id));
                QVERIFY(same(part.traffic, traffic));
                ++i;
            }
            ++at;
        }
        at = 0;
        for (const Process& process : expected_->processes) {
            const auto row = row_of<sockledger_process>(
                [&](auto* to) { return sockledger_snapshot_process(snapshot_, at++, to); });
            QVERIFY((ProcessId{row.pid, row.start_ticks} == process.id));
            QCOMPARE(row.parent_pid, process.parent_pid);
            QCOMPARE(row.uid, process.uid);
            QCOMPARE(row.alive != 0, process.alive);
            QCOMPARE(row.name, process_name(process).c_str());
            QCOMPARE(row.exe, process.exe.c_str());
            QCOMPARE(row.user, process.user.c_str());
            QCOMPARE(row.app, process.app.c_str());
            QVERIFY(same(row.traffic, process.traffic) && same(row.loopback, process.loopback) &&
                    same(row.connections, process.connections));
        }
        at = 0;
        for (const Connection& connection : expected_->connections) {
            const auto row = row_of<sockledger_connection>(
                [&](auto* to) { return sockledger_snapshot_connection(snapshot_, at++, to); });
            QVERIFY((ConnectionId{row.cookie, row.netns} == connection.id));
            QCOMPARE(row.protocol, static_cast<std::uint32_t>(connection.protocol));
            QCOMPARE(row.state, static_cast<std::uint32_t>(connection.state));
            QCOMPARE(row.scope, static_cast<std::uint32_t>(connection.scope));
            QVERIFY(same(row.local, connection.local) && same(row.remote, connection.remote));
            QCOMPARE(row.uid, connection.uid);
            QCOMPARE((row.valid & SOCKLEDGER_CONNECTION_OWNER) != 0, connection.owner.has_value());
            QVERIFY(
                (ProcessId{row.owner_pid, row.owner_start_ticks} == connection.owner.value_or(ProcessId())));
            QCOMPARE((row.valid & SOCKLEDGER_CONNECTION_INTERFACE) != 0, connection.interface.has_value());
            QCOMPARE(row.ifindex, connection.interface.value_or(InterfaceId()).ifindex);
            QCOMPARE(row.app, connection.app.c_str());
            QCOMPARE(row.age_ns, static_cast<std::uint64_t>(connection.age.count()));
            QVERIFY(same(row.rtt_us, row.valid & SOCKLEDGER_CONNECTION_RTT, connection.rtt_us));
            QVERIFY(
                same(row.retransmits, row.valid & SOCKLEDGER_CONNECTION_RETRANSMITS, connection.retransmits));
            QVERIFY(same(row.traffic, connection.traffic));
        }
        at = 0;
        for (const SourceStatus& source : expected_->sources) {
            const auto row = row_of<sockledger_source_status>(
                [&](auto* to) { return sockledger_snapshot_source(snapshot_, at++, to); });
            QCOMPARE(row.name, source.name.c_str());
            QCOMPARE(row.accuracy, static_cast<std::uint32_t>(source.accuracy));
            QCOMPARE(row.lost_bytes, source.lost_bytes);
            QCOMPARE(row.lost_events, source.lost_events);
            if (source.name != "daemon") // each feed has waited for itself
                QCOMPARE(row.took_ns, static_cast<std::uint64_t>(source.took.count()));
            QCOMPARE(row.detail, source.detail.c_str());
        }
    }

    void rowsAreFoundByWhatTheyAreCalled() {
        auto interface = empty<sockledger_interface>();
        QCOMPARE(sockledger_snapshot_find_interface(snapshot_, "eth0", &interface), 0);
        QCOMPARE(interface.ifindex, sample::eth0.ifindex);
        auto app = empty<sockledger_app>();
        QCOMPARE(sockledger_snapshot_find_app(snapshot_, "unit:sshd.service", &app), 0);
        QCOMPARE(app.name, "sshd");
        auto process = empty<sockledger_process>();
        QCOMPARE(sockledger_snapshot_find_process(snapshot_, sample::sshd.pid, &process), 0);
        QCOMPARE(process.start_ticks, sample::sshd.start_ticks);
        QCOMPARE(sockledger_snapshot_find_process(snapshot_, sample::sshd.pid + 1, &process), -ENOENT);
        QCOMPARE(sockledger_snapshot_find_process(snapshot_, 0, &process), -ENOENT);
        QCOMPARE(sockledger_snapshot_find_process(snapshot_, UINT32_MAX, &process), -ENOENT);
    }

    void onlyTheLivingAreFoundByTheirPid() {
        Snapshot shown = sample::snapshot();
        Process dead = *shown.process(sample::sshd);
        dead.id.start_ticks = 1;
        dead.alive = false;
        shown.processes.insert(shown.processes.begin(), dead);
        Process& last = shown.processes.back();
        last.alive = false;
        const std::uint32_t gone = last.id.pid;
        cleanup();
        take(shown);
        auto process = empty<sockledger_process>();
        QCOMPARE(sockledger_snapshot_find_process(snapshot_, sample::sshd.pid, &process), 0);
        QCOMPARE(process.start_ticks, sample::sshd.start_ticks);
        QCOMPARE(sockledger_snapshot_find_process(snapshot_, gone, &process), -ENOENT);
    }
};

QTEST_GUILESS_MAIN(CApiRowsTest)
#include "c_api_rows_test.moc"
