// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/files.hpp"
#include "kernel/proc_links.hpp"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

using namespace sockledger;

/// The reader over trees of its own in place of /proc/net and /sys/class/net.
class ProcLinksTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> root_;

    void write(const QString& path, const QByteArray& content) {
        const QString full = root_->filePath(path);
        QDir().mkpath(QFileInfo(full).path());
        QFile file(full);
        if (!file.open(QFile::WriteOnly) || file.write(content) != content.size()) {
            throw std::runtime_error(full.toStdString());
        }
    }

    void write_device(const QString& name, const QByteArray& ifindex) {
        const QString device = "sys/" + name + "/";
        write(device + "ifindex", ifindex + "\n");
        write(device + "iflink", ifindex + "\n");
        write(device + "type", "1\n");
        write(device + "flags", "0x1003\n");
        write(device + "mtu", "1500\n");
        write(device + "operstate", "up\n");
        write(device + "address", "02:fc:00:00:00:01\n");
        write(device + "uevent", "INTERFACE=" + name.toUtf8() + "\nIFINDEX=" + ifindex + "\n");
    }

    UniqueFd open_below(const char* path) const {
        auto fd = open_directory(AT_FDCWD, root_->filePath(path).toUtf8().constData());
        return fd ? std::move(*fd) : UniqueFd();
    }

    ProcLinks reader(std::uint32_t resolved = 0) const {
        return {open_below("net"), open_below("sys"), [resolved](const std::string&) { return resolved; }};
    }

    static constexpr const char* counters = ": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n";

private slots:
    void init() {
        root_ = std::make_unique<QTemporaryDir>();
        QVERIFY(root_->isValid());
        write("net/dev", QByteArray("eth0") + counters + "br0" + counters + "br0.7" + counters);
        write_device("eth0", "4");
        write("sys/eth0/device/vendor", "x");
        write_device("br0", "3");
        write("sys/br0/uevent", "DEVTYPE=bridge\nINTERFACE=br0\n");
        write_device("br0.7", "9");
        write("sys/br0.7/uevent", "DEVTYPE=vlan\n");
        write("sys/br0.7/iflink", "3\n");
        write("sys/br0.7/operstate", "lowerlayerdown\n");
        write("sys/eth0/master/ifindex", "3\n");
    }

    void countersAndDescriptionsMeet() {
        write("net/route", "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
        std::vector<LinkInfo> links;
        const auto report = reader().read(links);
        QVERIFY(report.has_value());
        QCOMPARE(report->lost, std::uint64_t{0});
        QVERIFY(!report->deleted_is_complete);
        QCOMPARE(links.size(), std::size_t{3});
        const LinkRecord bridge{.ifindex = 3,
                                .name = "br0",
                                .kind = "bridge",
                                .type = 1,
                                .flags = 0x1003,
                                .operstate = 6,
                                .mtu = 1500,
                                .addresses = {},
                                .stats = {1, 9, 2, 10, 3, 11, 4, 12}};
        QVERIFY(links[0].record == bridge);
        QCOMPARE(links[0].hardware_address, std::string("\x02\xfc\0\0\0\x01", 6));
        const LinkRecord& hardware = links[1].record;
        QCOMPARE(hardware.kind, std::string());
        QCOMPARE(hardware.master, 3u);
        QVERIFY(hardware.default_route);
        const LinkRecord& vlan = links[2].record;
        QCOMPARE(vlan.kind, std::string("vlan"));
        QCOMPARE(vlan.lower, 3u);
        QCOMPARE(vlan.operstate, std::uint8_t{3});
    }

    void kindsThatSysfsTells_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("kind");
        QTest::newRow("tun") << QByteArray("65534\n") << QByteArray("tun_flags") << QByteArray("tun");
        QTest::newRow("hardware") << QByteArray("1\n") << QByteArray("device/vendor") << QByteArray();
        QTest::newRow("loopback") << QByteArray("772\n") << QByteArray("x") << QByteArray();
        QTest::newRow("sit") << QByteArray("776\n") << QByteArray("x") << QByteArray("sit");
        QTest::newRow("veth or another") << QByteArray("1\n") << QByteArray("x") << QByteArray("virtual");
    }

    void kindsThatSysfsTells() {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, kind);
        write("net/dev", QByteArray("x0") + counters);
        write_device("x0", "11");
        write("sys/x0/type", type);
        write("sys/x0/" + file, "1\n");
        std::vector<LinkInfo> links;
        QVERIFY(reader().read(links).has_value());
        QCOMPARE(links.at(0).record.kind, kind.toStdString());
    }

    void iflinkIsTheLowerDeviceOnlyWhenOneIsRiddenOn() {
        write_device("virtual0", "12");
        write("sys/virtual0/iflink", "4\n");
        write("net/dev", QByteArray("virtual0") + counters);
        std::vector<LinkInfo> links;
        QVERIFY(reader().read(links).has_value());
        QCOMPARE(links.at(0).record.lower, 0u);
        write("sys/virtual0/lower_eth0/ifindex", "4\n");
        QVERIFY(reader().read(links).has_value());
        QCOMPARE(links.at(0).record.lower, 4u);
    }

    void badLinesAndVanishedDevicesAreSkippedAndCounted() {
        write("net/dev", QByteArray("eth0") + counters + "eth0: what\n" + "gone0" + counters);
        std::vector<LinkInfo> links;
        const auto report = reader().read(links);
        QCOMPARE(report->lost, std::uint64_t{2});
        QCOMPARE(links.size(), std::size_t{1});
    }

    void unreadableFilesOfSysfsAreZero() {
        for (const char* file : {"type", "flags", "mtu", "operstate", "address", "uevent", "iflink"}) {
            write(QString("sys/eth0/") + file, "\xff\xfe nonsense");
        }
        write("net/dev", QByteArray("eth0") + counters);
        std::vector<LinkInfo> links;
        QVERIFY(reader().read(links).has_value());
        QCOMPARE(links.at(0).record.ifindex, 4u);
        QCOMPARE(links.at(0).record.type, std::uint16_t{0});
        QCOMPARE(links.at(0).record.mtu, 0u);
        QCOMPARE(links.at(0).record.lower, 0u);
    }

    void sysfsOfAnotherNamespaceIsNotBelieved() {
        write("net/dev", QByteArray("eth0") + counters);
        std::vector<LinkInfo> links;
        QVERIFY(reader(4).read(links).has_value());
        QCOMPARE(links.at(0).record.mtu, 1500u);
        QVERIFY(reader(77).read(links).has_value());
        QCOMPARE(links.at(0).record.ifindex, 77u);
        QCOMPARE(links.at(0).record.mtu, 0u);
        QCOMPARE(links.at(0).record.stats.rx_bytes, std::uint64_t{1});
    }

    void withoutSysfsNameIndexAndCountersRemain() {
        write("net/dev", QByteArray("e\xff") + counters);
        ProcLinks bare(open_below("net"), UniqueFd(), [](const std::string&) { return 5u; });
        std::vector<LinkInfo> links;
        QVERIFY(bare.read(links).has_value());
        QCOMPARE(links.at(0).record.ifindex, 5u);
        QCOMPARE(links.at(0).record.name, std::string("e\\xff"));
        QCOMPARE(links.at(0).record.stats.tx_bytes, std::uint64_t{9});
    }

    void withoutProcThereIsAReason() {
        QVERIFY(QFile::remove(root_->filePath("net/dev")));
        std::vector<LinkInfo> links;
        const auto report = reader().read(links);
        QVERIFY(!report);
        QVERIFY(report.error().message.find("/proc/net/dev") != std::string::npos);
        QCOMPARE(report.error().code, ENOENT);
    }
};

QTEST_GUILESS_MAIN(ProcLinksTest)
#include "proc_links_test.moc"
