// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/traffic_slots.hpp"
#include "support/capture.hpp"
#include "support/require.hpp"
#include "support/scenario.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <QFile>
#include <QTest>

#include <optional>

using namespace sockledger;
using namespace sockledger::test;

namespace {

constexpr std::uint64_t ethernet = 14;

PacketCount& operator+=(PacketCount& sum, const PacketCount& more) {
    sum.packets += more.packets;
    sum.bytes += more.bytes;
    return sum;
}

QByteArray text(const char* what, const PacketCount& a, const PacketCount& b) {
    return QByteArray(what) + ": " + QByteArray::number(qint64(a.bytes)) + " bytes in " +
           QByteArray::number(qint64(a.packets)) + " packets, expected " +
           QByteArray::number(qint64(b.bytes)) + " in " + QByteArray::number(qint64(b.packets));
}

/// What the rows say of one direction of one device, as the device counts.
PacketCount booked(const TrafficReading& reading, const VethEnd& end, Direction direction) {
    PacketCount sum;
    for (const TrafficRow& row : reading.rows) {
        if (row.copy || row.interface != InterfaceId{end.space->inum(), end.ifindex})
            continue;
        const TrafficCounters& c = row.counters;
        const std::uint64_t packets = direction == Direction::Rx ? c.rx_packets : c.tx_packets;
        sum += {packets, (direction == Direction::Rx ? c.rx_bytes : c.tx_bytes) + packets * ethernet};
    }
    return sum;
}

/// Packets that no socket sends or takes, by the capture; `answers` when it is the kernel that is pinged.
PacketCount without_socket(const PacketTally& tally, Direction direction, bool answers) {
    PacketCount sum;
    for (PacketClass kind : {PacketClass::Arp, PacketClass::Igmp})
        sum += tally.of(direction, kind);
    if (direction == Direction::Rx) {
        for (PacketClass kind : {PacketClass::NeighbourDiscovery, PacketClass::Mld})
            sum += tally.of(direction, kind);
        for (PacketClass kind : {PacketClass::Icmp, PacketClass::Icmpv6})
            sum += answers ? tally.of(direction, kind) : PacketCount{};
    }
    return sum;
}

/// The last packets of a connection meet a socket or not, as the closing of the two ends falls out:
/// a TIME_WAIT has none.
bool is_rest(const PacketCount& rest, const PacketCount& expected, const PacketTally& tally,
             Direction direction) {
    PacketCount more = expected;
    for (PacketClass kind : {PacketClass::Other, PacketClass::TcpFin2, PacketClass::TcpFinAck}) {
        if (kind != PacketClass::Other)
            more += tally.of(direction, kind);
        if (rest == more)
            return true;
    }
    return false;
}

/// Payload that the rows of one process show: what they hold less `header` for each packet.
struct Share {
    std::int64_t tx = 0;
    std::int64_t rx = 0;
};

Share share_of(const TrafficReading& reading, const VethEnd& end, pid_t pid, std::int64_t header) {
    Share share;
    for (const TrafficRow& row : reading.rows) {
        if (row.interface != InterfaceId{end.space->inum(), end.ifindex} ||
            row.process.pid != static_cast<std::uint32_t>(pid))
            continue;
        const TrafficCounters& c = row.counters;
        share.tx += static_cast<std::int64_t>(c.tx_bytes) - header * static_cast<std::int64_t>(c.tx_packets);
        share.rx += static_cast<std::int64_t>(c.rx_bytes) - header * static_cast<std::int64_t>(c.rx_packets);
    }
    return share;
}

/// The fewest header bytes that a packet of this traffic has.
std::int64_t header_of(const PacketTally& tally, int family) {
    const auto seen = [&](PacketClass kind) {
        return tally.of(Direction::Tx, kind).packets + tally.of(Direction::Rx, kind).packets != 0;
    };
    const std::int64_t ip = family == 6 ? 40 : 20;
    if (seen(PacketClass::Fragment))
        return ip; // and a UDP header in one of them
    return ip + (seen(PacketClass::TcpData) ? 32 /* with timestamps */ : seen(PacketClass::Udp) ? 8 : 0);
}

/// What was counted since `before`, by the same programs.
TrafficReading since(const TrafficReading& before, TrafficReading now) {
    for (TrafficRow& row : now.rows) {
        const auto same = [&](const TrafficRow& old) {
            return old.process == row.process && old.interface == row.interface && old.copy == row.copy;
        };
        const auto old = std::ranges::find_if(before.rows, same);
        if (old == before.rows.end())
            continue;
        for (auto counter :
             {&TrafficCounters::rx_bytes, &TrafficCounters::tx_bytes, &TrafficCounters::rx_packets,
              &TrafficCounters::tx_packets, &TrafficCounters::rx_gso_bytes, &TrafficCounters::tx_gso_bytes,
              &TrafficCounters::rx_gso_packets, &TrafficCounters::tx_gso_packets})
            row.counters.*counter -= old->counters.*counter;
    }
    std::erase_if(now.rows, [](const TrafficRow& row) { return row.counters == TrafficCounters(); });
    return now;
}

/// The programs, as far as this kernel takes them and SOCKLEDGER_LEAVE_OUT (names, with commas) does not name
/// them: so tests/kernels sees what is left where one is missing.
struct Counting {
    static std::unique_ptr<BpfPrograms> open() {
        std::vector<std::string> left_out;
        for (const QString& name :
             qEnvironmentVariable("SOCKLEDGER_LEAVE_OUT").split(',', Qt::SkipEmptyParts))
            left_out.push_back(name.toStdString());
        auto opened = BpfPrograms::open(left_out);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        return *std::move(opened);
    }

    std::unique_ptr<BpfPrograms> programs = open();
    TrafficSlots traffic{*programs};
};

/// Lets the machine have few pids while it lives.
class SmallPidMax {
public:
    SmallPidMax() : before_(set("1800")) {}
    ~SmallPidMax() { set(before_); }

private:
    static QByteArray set(const QByteArray& value) {
        QFile file("/proc/sys/kernel/pid_max");
        if (!file.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
            throw std::runtime_error("cannot set kernel.pid_max");
        QByteArray before = file.readAll();
        file.seek(0);
        file.write(value);
        return before;
    }
    QByteArray before_;
};

} // namespace

/// One program sends known traffic to another over a link of their own, packet by packet: what the
/// kernel side books must be what the devices have counted, and belong to the right process.
class BooksTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf");
        counting_.emplace();
        QByteArray names;
        for (const std::string& name : counting_->programs->refused())
            names += " " + QByteArray::fromStdString(name);
        qInfo("programs that are missing:%s", names.isEmpty() ? " none" : names.constData());
    }

    void cleanupTestCase() { counting_.reset(); }

    void theBooksCloseAndEachProcessHasItsBytes_data() {
        QTest::addColumn<int>("index");
        scenarios_ = all_scenarios();
        for (std::size_t i = 0; i < scenarios_.size(); ++i)
            QTest::newRow(scenarios_[i].name.c_str()) << static_cast<int>(i);
    }

    void theBooksCloseAndEachProcessHasItsBytes() {
        QFETCH(int, index);
        const Scenario& scenario = scenarios_[static_cast<std::size_t>(index)];
        if (!scenario.needs.empty())
            SOCKLEDGER_NEEDS(QString::fromStdString(scenario.needs));
        try {
            play(scenario);
        } catch (const std::exception& error) {
            QFAIL(error.what()); // the other scenarios go on
        }
    }

    void whatAKernelWithoutAProgramDoesNotShowIsSaid() {
        const auto not_seen = [](const std::vector<std::string>& left_out) {
            auto opened = BpfPrograms::open(left_out);
            QByteArray all;
            for (const std::string& what :
                 opened ? (*opened)->not_seen() : std::vector{opened.error().message})
                all += QByteArray::fromStdString(what) + '\n';
            return all;
        };
        const QByteArray receivers = "who only receives from a UDP or MPTCP socket that others use too\n";
        QVERIFY(!not_seen({}).contains(receivers));
        QVERIFY(not_seen({"on_receive", "on_received4", "on_received6"}).contains(receivers));
        QVERIFY(not_seen({"adopt_sockets"}).contains("who owns sockets that were open before\n"));
    }

    void linksThatComeAndGoDoNotFillTheTableOfMtus() {
        TrafficSlots& traffic = counting_->traffic;
        const int mtus = bpf_map__fd(counting_->programs->map("mtus"));
        constexpr std::uint32_t netns = 7;
        for (std::uint32_t ifindex = 1; ifindex <= 10'000; ++ifindex) {
            LinkRecord device;
            device.ifindex = ifindex;
            device.mtu = 1500;
            TrafficReading reading;
            QVERIFY(traffic.read(reading));
            traffic.set_mtus({netns, {device}});
            const mtu_key now{netns, ifindex}, before{netns, ifindex - 1};
            std::uint32_t mtu = 0;
            QCOMPARE(bpf_map_lookup_elem(mtus, &now, &mtu), 0);
            QCOMPARE(mtu, 1500u);
            QVERIFY(bpf_map_lookup_elem(mtus, &before, &mtu) != 0);
        }
    }

    /// More processes than there are pids, each with one socket: each has its own row and its own bytes.
    void aPidThatIsUsedAgainIsAnotherProcess() {
        const SmallPidMax few;
        const Namespace client_side, server_side;
        const VethPair link(client_side, server_side);
        counting_.emplace();
        TrafficSlots& traffic = counting_->traffic;
        Scenario scenario;
        scenario.client = scenario.server = {"brief", "count=3000", "size=100"};
        ScenarioRun run(scenario, link.left(), link.right());
        run.play();
        run.leave();
        TrafficReading reading;
        QVERIFY(traffic.read(reading));

        std::map<std::uint32_t, PacketCount> expected, rows; // by pid: processes and payload
        for (const PeerBytes& process : run.client_report().processes) {
            if (process.tx != 0)
                expected[static_cast<std::uint32_t>(process.pid)] += {1, process.tx};
        }
        for (const TrafficRow& row : reading.rows) {
            if (row.interface == InterfaceId{client_side.inum(), link.left().ifindex} && row.process.pid != 0)
                rows[row.process.pid] += {1, row.counters.tx_bytes - 28 * row.counters.tx_packets};
        }
        QCOMPARE(run.client_report().processes.size() >= 3000, true);
        QVERIFY2(expected.size() < 3000, "no pid was used twice");
        QVERIFY(rows == expected);
    }

private:
    void play(const Scenario& scenario) {
        const Namespace client_side, server_side;
        const VethPair link(client_side, server_side);
        link.set_offloads(Offloads::Off);

        std::optional<ScenarioRun> run;
        if (scenario.early) {
            run.emplace(scenario, link.left(), link.right());
            counting_.emplace(); // which then finds what was there before
        }
        QVERIFY(link.wait_until_quiet());
        TrafficSlots& traffic = counting_->traffic;
        for (const VethEnd* end : {&link.left(), &link.right()}) {
            LinkRecord device;
            device.ifindex = end->ifindex;
            device.mtu = 1500;
            traffic.set_mtus({end->space->inum(), {device}});
        }
        TrafficReading before, reading;
        std::optional<Capture> left, right;
        DeviceCounters left_before, right_before;
        do { // a late report of a group must not come in between
            left_before = link.left().counters();
            right_before = link.right().counters();
            QVERIFY(traffic.read(before));
            left.emplace(link.left());
            right.emplace(link.right());
        } while (link.left().counters() != left_before || link.right().counters() != right_before);

        if (!run)
            run.emplace(scenario, link.left(), link.right());
        run->play();
        run->leave();
        QVERIFY(link.wait_until_quiet());
        QVERIFY(traffic.read(reading));
        QCOMPARE(traffic.lost_bytes(), 0u);
        reading = since(before, reading);

        compare(reading, link.left(), link.left().counters() - left_before, left->tally(), true);
        compare(reading, link.right(), link.right().counters() - right_before, right->tally(),
                run->server() != nullptr);
        compare_processes(reading, link.left(), run->client_report(), left->tally(), scenario);
        compare_processes(reading, link.right(), run->server_report(), right->tally(), scenario);
    }

    static void compare(const TrafficReading& reading, const VethEnd& end, const DeviceCounters& device,
                        const PacketTally& tally, bool has_peer) {
        QVERIFY(tally.complete && tally.kernel_drops == 0);
        for (Direction direction : {Direction::Rx, Direction::Tx}) {
            const bool rx = direction == Direction::Rx;
            PacketCount rest{rx ? device.rx_packets : device.tx_packets,
                             rx ? device.rx_bytes : device.tx_bytes};
            const PacketCount sum = booked(reading, end, direction);
            rest.packets -= sum.packets;
            rest.bytes -= sum.bytes;
            const PacketCount expected = without_socket(tally, direction, !has_peer);
            if (!is_rest(rest, expected, tally, direction))
                QFAIL(text(rx ? "rx without socket" : "tx without socket", rest, expected) + "\n" +
                      tally.to_string().c_str());
        }
    }

    /// Each process has its payload at least. None can have too much then: together they have what the
    /// devices have counted, and nobody else has any.
    static void compare_processes(const TrafficReading& reading, const VethEnd& end, const PeerReport& report,
                                  const PacketTally& tally, const Scenario& scenario) {
        const std::int64_t header = header_of(tally, scenario.family);
        // what a process receives from its own machine is not on the wire
        const bool loops = scenario.delivery == Scenario::Delivery::ToEach && report.tx != 0;
        // of a segment that two processes read in part nobody can say whose its header is
        const bool shared = report.processes.size() > 1 && header > 50;
        const std::int64_t slack = shared ? header : 0;
        for (const PeerBytes& process : report.processes) {
            const Share share = share_of(reading, end, process.pid, header);
            const bool has_all = share.tx >= static_cast<std::int64_t>(process.tx) &&
                                 (loops || share.rx + slack >= static_cast<std::int64_t>(process.rx));
            QVERIFY2(has_all, qPrintable(QString("pid %1 on %2: tx %3 of %4, rx %5 of %6")
                                             .arg(process.pid)
                                             .arg(end.device.c_str())
                                             .arg(share.tx)
                                             .arg(process.tx)
                                             .arg(share.rx)
                                             .arg(process.rx)));
        }
        for (const TrafficRow& row : reading.rows) {
            const bool known = row.process.pid == 0 || report.process(static_cast<pid_t>(row.process.pid));
            QVERIFY2(known || row.interface.netns != end.space->inum(),
                     qPrintable(QString("pid %1 moved nothing, but has bytes").arg(row.process.pid)));
        }
    }

    std::vector<Scenario> scenarios_;
    std::optional<Counting> counting_;
};

QTEST_GUILESS_MAIN(BooksTest)
#include "books_test.moc"
