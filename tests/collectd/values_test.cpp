// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "handles.hpp"
#include "values.hpp"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace sockledger::collectd;

namespace {

sockledger_traffic traffic(std::uint64_t rx, std::uint64_t tx, std::uint32_t accuracy = SOCKLEDGER_EXACT) {
    sockledger_traffic made{};
    made.rx_bytes = rx;
    made.tx_bytes = tx;
    made.rx_packets = rx / 100;
    made.tx_packets = tx / 100;
    made.accuracy = accuracy;
    return made;
}

const Value* find(const std::vector<Value>& values, const std::string& type,
                  const std::string& instance = {}) {
    const auto found = std::ranges::find_if(
        values, [&](const Value& value) { return value.type == type && value.type_instance == instance; });
    return found == values.end() ? nullptr : &*found;
}

std::vector<Number> counters(std::int64_t rx, std::int64_t tx) {
    return {rx, tx};
}

} // namespace

class CollectdValuesTest : public QObject {
    Q_OBJECT

private slots:
    void anInterfaceHasItsCountersItsBooksAndItsState() {
        auto row = sized<sockledger_interface>();
        row.total = traffic(1000, 2000);
        row.apps = traffic(900, 1900);
        row.kernel = traffic(60, 60);
        row.unattributed = traffic(40, 40);
        row.rx_errors = 1;
        row.tx_errors = 2;
        row.rx_dropped = 3;
        row.tx_dropped = 4;
        row.up = 1;
        std::vector<Value> values;
        add_interface(values, row, "eth0", 77);
        QCOMPARE(values.size(), std::size_t(8));
        for (const Value& value : values) {
            QCOMPARE(value.plugin, "sockledger");
            QCOMPARE(value.instance, "eth0");
            QCOMPARE(value.realtime_ns, std::uint64_t(77));
        }
        QVERIFY(find(values, "if_octets")->numbers == counters(1000, 2000));
        QVERIFY(find(values, "if_octets", "apps")->numbers == counters(900, 1900));
        QVERIFY(find(values, "if_octets", "kernel")->numbers == counters(60, 60));
        QVERIFY(find(values, "if_octets", "unattributed")->numbers == counters(40, 40));
        QVERIFY(find(values, "if_packets")->numbers == counters(10, 20));
        QVERIFY(find(values, "if_errors")->numbers == counters(1, 2));
        QVERIFY(find(values, "if_dropped")->numbers == counters(3, 4));
        QVERIFY(find(values, "bool", "up")->numbers == std::vector<Number>{1.0});
    }

    void whatIsNotKnownHasNoValue() {
        auto row = sized<sockledger_interface>();
        row.total = traffic(1000, 2000);
        row.apps = row.kernel = row.unattributed = traffic(0, 0, SOCKLEDGER_UNAVAILABLE);
        std::vector<Value> values;
        add_interface(values, row, "eth0", 1);
        QVERIFY(find(values, "if_octets"));
        for (const char* part : {"apps", "kernel", "unattributed"})
            QVERIFY2(!find(values, "if_octets", part), part);
        row.total.accuracy = SOCKLEDGER_UNAVAILABLE;
        values.clear();
        add_interface(values, row, "eth0", 1);
        QCOMPARE(values.size(), std::size_t(1)); // up or down

        auto app = sized<sockledger_shown_app>();
        app.accuracy = SOCKLEDGER_UNAVAILABLE;
        States states{};
        values.clear();
        add_app(values, app, "a", {true, true}, states, 1, 2);
        QVERIFY(!find(values, "if_octets"));
        QVERIFY(find(values, "current_connections"));
    }

    void bytesOfAnApplicationHaveTheTimeAtWhichTheyWereCounted() {
        auto app = sized<sockledger_shown_app>();
        app.rx_bytes = 5;
        app.tx_bytes = 6;
        app.processes = 3;
        app.connections.total = 2;
        States states{};
        std::vector<Value> values;
        add_app(values, app, "a", {true, true}, states, 0, 20);
        QVERIFY(!find(values, "if_octets")); // there was no sample before
        values.clear();
        add_app(values, app, "a", {true, true}, states, 20, 30);
        QCOMPARE(find(values, "if_octets")->realtime_ns, std::uint64_t(20));
        QVERIFY(find(values, "if_octets")->numbers == counters(5, 6));
        QCOMPARE(find(values, "current_connections")->realtime_ns, std::uint64_t(30));
        const auto& processes = find(values, "ps_count")->numbers;
        QCOMPARE(std::get<double>(processes[0]), 3.0);
        QVERIFY(std::isnan(std::get<double>(processes[1])));
    }

    void aStateThatWasSeenOnceFallsToZeroAndNotAway() {
        auto app = sized<sockledger_shown_app>();
        app.connections.tcp_states[SOCKLEDGER_ESTABLISHED] = 4;
        States states{};
        std::vector<Value> values;
        add_app(values, app, "a", {true, true}, states, 1, 2);
        QVERIFY(find(values, "tcp_connections", "ESTABLISHED")->numbers == std::vector<Number>{4.0});
        QVERIFY(!find(values, "tcp_connections", "LISTEN"));
        app.connections.tcp_states[SOCKLEDGER_ESTABLISHED] = 0;
        values.clear();
        add_app(values, app, "a", {true, true}, states, 2, 3);
        QVERIFY(find(values, "tcp_connections", "ESTABLISHED")->numbers == std::vector<Number>{0.0});
    }

    void connectionsAndProcessesCanBeLeftOut() {
        const auto app = sized<sockledger_shown_app>();
        States states{};
        std::vector<Value> values;
        add_app(values, app, "a", {false, false}, states, 1, 2);
        QCOMPARE(values.size(), std::size_t(1));
        QCOMPARE(values[0].plugin, "sockledger_app");
    }

    void theMachineHasTotalsAndSaysHowGoodTheyAre() {
        auto info = sized<sockledger_snapshot_info>();
        info.realtime_ns = 9;
        info.total = traffic(300, 400);
        info.accuracy = SOCKLEDGER_PARTIAL;
        std::vector<Value> values;
        add_machine(values, info, {7, 8});
        for (const Value& value : values)
            QCOMPARE(value.instance, "all");
        QVERIFY(find(values, "if_octets")->numbers == counters(300, 400));
        QVERIFY(find(values, "if_packets")->numbers == counters(3, 4));
        QVERIFY(find(values, "bool", "exact")->numbers == std::vector<Number>{0.0});
        QVERIFY(find(values, "total_bytes", "lost")->numbers == std::vector<Number>{std::int64_t(7)});
        QVERIFY(find(values, "errors", "lost")->numbers == std::vector<Number>{std::int64_t(8)});
    }
};

QTEST_APPLESS_MAIN(CollectdValuesTest)
#include "values_test.moc"
