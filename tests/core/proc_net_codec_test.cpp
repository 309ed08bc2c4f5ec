// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_net_codec.hpp"

#include <QTest>

using namespace sockledger;

namespace {

constexpr std::string_view headings =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls "
    "carrier compressed\n";

const std::string numbers = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n";

ProcNetDev decode(const std::string& lines) {
    return decode_proc_net_dev(std::string(headings) + lines);
}

} // namespace

class ProcNetCodecTest : public QObject {
    Q_OBJECT

private slots:
    void everyCounterHasItsColumn() {
        const auto table = decode("  eth0: " + numbers);
        QCOMPARE(table.rows.size(), std::size_t{1});
        QCOMPARE(table.rows[0].name, std::string("eth0"));
        QVERIFY(table.rows[0].stats == (LinkStats{.rx_bytes = 1,
                                                  .tx_bytes = 9,
                                                  .rx_packets = 2,
                                                  .tx_packets = 10,
                                                  .rx_errors = 3,
                                                  .tx_errors = 11,
                                                  .rx_dropped = 4,
                                                  .tx_dropped = 12}));
        QCOMPARE(table.bad_lines, std::uint64_t{0});
    }

    void countersHave64Bits() {
        const auto table =
            decode("eth0: 18446744073709551615 2 3 4 5 6 7 8 4294967296 10 11 12 13 14 15 16\n");
        QCOMPARE(table.rows.at(0).stats.rx_bytes, std::numeric_limits<std::uint64_t>::max());
        QCOMPARE(table.rows.at(0).stats.tx_bytes, std::uint64_t{1} << 32);
    }

    void numbersMayFollowTheColonAtOnce() {
        QCOMPARE(decode("eth0:" + numbers).rows.at(0).stats.rx_bytes, std::uint64_t{1});
    }

    void namesMayHoldAnyByteButSlashAndSpace() {
        const auto table = decode("a\xff\x1b: " + numbers + "eth0:1: " + numbers);
        QCOMPARE(table.rows.at(0).name, std::string("a\xff\x1b"));
        QCOMPARE(table.rows.at(1).name, std::string("eth0:1"));
    }

    void badLinesAreSkippedAndCounted_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("empty") << QByteArray("\n");
        QTest::newRow("no colon") << QByteArray("eth1 1 2 3\n");
        QTest::newRow("no name") << QByteArray(": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("a path") << QByteArray("../eth1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("the parent") << QByteArray("..: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("two names") << QByteArray("eth1 x: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("a word") << QByteArray("eth1: 1 2 3 4 5 six 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("negative") << QByteArray("eth1: -1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("too big") << QByteArray(
            "eth1: 18446744073709551616 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        QTest::newRow("too few") << QByteArray("eth1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n");
    }

    void badLinesAreSkippedAndCounted() {
        QFETCH(QByteArray, line);
        const auto table = decode("eth0: " + numbers + line.toStdString() + "eth2: " + numbers);
        QCOMPARE(table.bad_lines, std::uint64_t{1});
        QCOMPARE(table.rows.size(), std::size_t{2});
        QCOMPARE(table.rows[1].name, std::string("eth2"));
    }

    void aFileCutAnywhereGivesNoWrongNumber() {
        const std::string whole = "eth0: " + numbers;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QVERIFY(decode(whole.substr(0, size)).rows.empty());
        }
    }

    void defaultRoutesOfIpv4AreFound() {
        const auto names = decode_proc_net_route(
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
            "eth1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
            "eth2\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0\n"
            "*\t00000000\t00000000\t0200\t0\t0\t4000\t00000000\t0\t0\t0\n"
            "eth3\t00000000\t010200C0\t0003\t0\n");
        QCOMPARE(names, (std::vector<std::string>{"eth0"}));
    }

    void defaultRoutesOfIpv6AreFound() {
        const std::string zero(32, '0');
        const std::string behind =
            " " + zero + " 00 fd000000000000000000000000000001 00000400 00000002 00000000 ";
        const auto names = decode_proc_net_ipv6_route(
            zero + " 00" + behind + "00000003     eth0\n" + zero + " 40" + behind + "00000003     eth1\n" +
            zero + " 00" + behind + "00200200       lo\n" + "fd" + std::string(30, '0') + " 00" + behind +
            "00000003     eth2\n" + zero + " 00 " + zero + "\n");
        QCOMPARE(names, (std::vector<std::string>{"eth0"}));
    }
};

QTEST_GUILESS_MAIN(ProcNetCodecTest)
#include "proc_net_codec_test.moc"
