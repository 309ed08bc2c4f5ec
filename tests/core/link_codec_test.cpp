// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/link_messages.hpp"
#include "kernel/address_codec.hpp"
#include "kernel/link_codec.hpp"
#include "kernel/link_stats_codec.hpp"
#include "kernel/route_codec.hpp"

#include <QTest>

#include <array>

using namespace sockledger;
using namespace sockledger::test;

class LinkCodecTest : public QObject {
    Q_OBJECT

private slots:
    void everyFieldOfALinkIsRead() {
        const auto link = decode_link(link_message(
            {.ifindex = 7, .type = 1, .flags = 0x1043},
            text(IFLA_IFNAME, "veth7") + number(IFLA_MTU, 1400u) + number(IFLA_OPERSTATE, std::uint8_t{6}) +
                number(IFLA_LINK, 3u) + number(IFLA_MASTER, 9u) +
                attribute(IFLA_ADDRESS, some_bytes("abcdef")) +
                attribute(IFLA_LINKINFO, text(IFLA_INFO_KIND, "vlan")) + number(IFLA_STATS64, some_stats())));
        QVERIFY(link.has_value());
        const LinkRecord& record = link->record;
        QCOMPARE(record.ifindex, 7u);
        QCOMPARE(record.name, std::string("veth7"));
        QCOMPARE(record.kind, std::string("vlan"));
        QCOMPARE(record.type, std::uint16_t{1});
        QCOMPARE(record.flags, 0x1043u);
        QCOMPARE(record.operstate, std::uint8_t{6});
        QCOMPARE(record.mtu, 1400u);
        QCOMPARE(record.lower, 3u);
        QCOMPARE(record.master, 9u);
        QCOMPARE(link->hardware_address, std::string("abcdef"));
        QVERIFY(record.stats == (LinkStats{3, 4, 1, 2, 5, 6, 7, 8}));
    }

    void lowerIsOnlyADeviceOfOurNamespaceThatThisOneRidesOn_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<bool>("elsewhere");
        QTest::addColumn<unsigned>("link");
        QTest::addColumn<unsigned>("lower");
        QTest::newRow("vlan") << QByteArray("vlan") << false << 3u << 3u;
        QTest::newRow("vlan of another namespace") << QByteArray("vlan") << true << 3u << 0u;
        QTest::newRow("the other end of a veth") << QByteArray("veth") << false << 3u << 0u;
        QTest::newRow("the other end of a netkit") << QByteArray("netkit") << false << 3u << 0u;
        QTest::newRow("itself") << QByteArray("bridge") << false << 7u << 0u;
        QTest::newRow("none") << QByteArray("sit") << false << 0u << 0u;
    }

    void lowerIsOnlyADeviceOfOurNamespaceThatThisOneRidesOn() {
        QFETCH(QByteArray, kind);
        QFETCH(bool, elsewhere);
        QFETCH(unsigned, link);
        QFETCH(unsigned, lower);
        const auto decoded = decode_link(link_message(
            {.ifindex = 7}, text(IFLA_IFNAME, "x") + number(IFLA_LINK, link) +
                                (elsewhere ? number(IFLA_LINK_NETNSID, 0u) : Buffer()) +
                                attribute(IFLA_LINKINFO, text(IFLA_INFO_KIND, kind.toStdString()))));
        QCOMPARE(decoded->record.lower, lower);
        QCOMPARE(decoded->record.peer_elsewhere, elsewhere);
    }

    void lowerOfAVxlanIsInItsData() {
        const auto info =
            text(IFLA_INFO_KIND, "vxlan") + attribute(IFLA_INFO_DATA, number(IFLA_VXLAN_LINK, 5u));
        const auto link = decode_link(
            link_message({.ifindex = 7}, text(IFLA_IFNAME, "vx") + attribute(IFLA_LINKINFO, info)));
        QCOMPARE(link->record.lower, 5u);
    }

    void oddNamesBecomePrintable() {
        const auto link = decode_link(link_message({.ifindex = 7}, text(IFLA_IFNAME, "a\x1b\xff")));
        QCOMPARE(link->record.name, std::string("a\\x1b\\xff"));
    }

    void aNameWithoutItsEndIsRead() {
        const auto link =
            decode_link(link_message({.ifindex = 7}, attribute(IFLA_IFNAME, some_bytes("eth0"))));
        QCOMPARE(link->record.name, std::string("eth0"));
    }

    void unknownAttributesAndFlagsOfAttributesAreSkipped() {
        const auto link = decode_link(link_message(
            {.ifindex = 7}, number(4711, 1u) + text(IFLA_IFNAME | NLA_F_NET_BYTEORDER, "eth0") +
                                attribute(IFLA_LINKINFO | NLA_F_NESTED, text(IFLA_INFO_KIND, "bridge"))));
        QCOMPARE(link->record.name, std::string("eth0"));
        QCOMPARE(link->record.kind, std::string("bridge"));
    }

    void whatIsNoLinkIsNotTakenForOne() {
        const auto name = text(IFLA_IFNAME, "eth0");
        QVERIFY(!decode_link({}));
        QVERIFY(!decode_link(link_message({.ifindex = 7}, {})));
        QVERIFY(!decode_link(link_message({.ifindex = 0}, name)));
        QVERIFY(!decode_link(link_message({.ifindex = -7}, name)));
        QVERIFY(!decode_link(link_message({.ifindex = 7, .family = AF_BRIDGE}, name)));
    }

    void onlyADeviceThatIsGoneForGoodIsDeleted() {
        const auto gone = link_message({.ifindex = 7}, text(IFLA_IFNAME, "x"));
        QCOMPARE(decode_link_notice(RTM_DELLINK, gone).deleted_ifindex, 7u);
        QCOMPARE(decode_link_notice(RTM_NEWLINK, gone).deleted_ifindex, 0u);
        const auto moved = link_message({.ifindex = 7}, number(IFLA_NEW_NETNSID, 1u));
        QCOMPARE(decode_link_notice(RTM_DELLINK, moved).deleted_ifindex, 0u);
        QVERIFY(decode_link_notice(RTM_DELLINK, moved).about_device);
        const auto port = link_message({.ifindex = 7, .family = AF_BRIDGE}, {});
        QCOMPARE(decode_link_notice(RTM_DELLINK, port).deleted_ifindex, 0u);
        QVERIFY(!decode_link_notice(RTM_DELLINK, port).about_device);
    }

    void countersAreReadFromStats() {
        const auto row = decode_link_stats(stats_message(7, number(IFLA_STATS_LINK_64, some_stats())));
        QVERIFY(row.has_value());
        QCOMPARE(row->ifindex, 7u);
        QVERIFY(row->stats == (LinkStats{3, 4, 1, 2, 5, 6, 7, 8}));
        QVERIFY(!decode_link_stats(stats_message(7, {})));
        QVERIFY(!decode_link_stats(stats_message(0, number(IFLA_STATS_LINK_64, some_stats()))));
    }

    void countersOfAnOlderKernelAreShorter() {
        const auto stats = some_stats();
        const auto row =
            decode_link_stats(stats_message(7, attribute(IFLA_STATS_LINK_64, bytes_of(stats).first(6 * 8))));
        QVERIFY(row->stats == (LinkStats{3, 4, 1, 2, 5, 6, 0, 0}));
    }

    void addressesAreText_data() {
        QTest::addColumn<int>("family");
        QTest::addColumn<QByteArray>("local");
        QTest::addColumn<QByteArray>("remote");
        QTest::addColumn<QString>("address");
        const QByteArray ipv6("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
        QTest::newRow("IPv4") << AF_INET << QByteArray("\xc0\0\x02\x01", 4) << QByteArray() << "192.0.2.1";
        QTest::newRow("IPv4, point to point")
            << AF_INET << QByteArray("\xc0\0\x02\x01", 4) << QByteArray("\xc0\0\x02\x02", 4) << "192.0.2.1";
        QTest::newRow("IPv6 has no local one") << AF_INET6 << QByteArray() << ipv6 << "2001:db8::1";
        QTest::newRow("too short") << AF_INET6 << QByteArray() << ipv6.first(15) << "";
        QTest::newRow("another family") << AF_PACKET << QByteArray("abcd") << QByteArray() << "";
        QTest::newRow("none") << AF_INET << QByteArray() << QByteArray() << "";
    }

    void addressesAreText() {
        QFETCH(int, family);
        QFETCH(QByteArray, local);
        QFETCH(QByteArray, remote);
        QFETCH(QString, address);
        const auto row = decode_address(address_message(
            family, 24, 7,
            (local.isEmpty() ? Buffer() : attribute(IFA_LOCAL, some_bytes(local.toStdString()))) +
                (remote.isEmpty() ? Buffer() : attribute(IFA_ADDRESS, some_bytes(remote.toStdString())))));
        QCOMPARE(row.has_value(), !address.isEmpty());
        if (row) {
            QCOMPARE(row->ifindex, 7u);
            QCOMPARE(row->address.address, address.toStdString());
            QCOMPARE(row->address.prefix_length, std::uint8_t{24});
        }
    }

    void defaultRoutesOfTheMainTableAreFound_data() {
        QTest::addColumn<int>("family");
        QTest::addColumn<int>("table");
        QTest::addColumn<int>("destination_length");
        QTest::addColumn<int>("type");
        QTest::addColumn<unsigned>("flags");
        QTest::addColumn<bool>("found");
        QTest::newRow("IPv4") << AF_INET << 254 << 0 << 1 << 0u << true;
        QTest::newRow("IPv6") << AF_INET6 << 254 << 0 << 1 << 0u << true;
        QTest::newRow("a network") << AF_INET << 254 << 24 << 1 << 0u << false;
        QTest::newRow("unreachable") << AF_INET6 << 254 << 0 << 7 << 0u << false;
        QTest::newRow("another table") << AF_INET << 42 << 0 << 1 << 0u << false;
        QTest::newRow("cached") << AF_INET << 254 << 0 << 1 << unsigned{RTM_F_CLONED} << false;
        QTest::newRow("dead") << AF_INET << 254 << 0 << 1 << unsigned{RTNH_F_DEAD} << false;
        QTest::newRow("MPLS") << AF_MPLS << 254 << 0 << 1 << 0u << false;
    }

    void defaultRoutesOfTheMainTableAreFound() {
        QFETCH(int, family);
        QFETCH(int, table);
        QFETCH(int, destination_length);
        QFETCH(int, type);
        QFETCH(unsigned, flags);
        QFETCH(bool, found);
        rtmsg header{};
        header.rtm_family = static_cast<unsigned char>(family);
        header.rtm_dst_len = static_cast<unsigned char>(destination_length);
        header.rtm_table = static_cast<unsigned char>(table);
        header.rtm_type = static_cast<unsigned char>(type);
        header.rtm_flags = flags;
        const auto interfaces = decode_default_route(Buffer() + bytes_of(header) + number(RTA_OIF, 7u));
        QCOMPARE(interfaces, found ? std::vector<std::uint32_t>{7} : std::vector<std::uint32_t>());
    }

    void theTableAttributeOutranksTheShortField() {
        QVERIFY(decode_default_route(route_message(number(RTA_OIF, 7u) + number(RTA_TABLE, 1000u))).empty());
        QVERIFY(!decode_default_route(route_message(number(RTA_TABLE, 254u) + number(RTA_OIF, 7u))).empty());
    }

    void everyLiveNextHopIsFound() {
        const auto hops = next_hop(3) + next_hop(4, RTNH_F_DEAD) + next_hop(5, 0, number(RTA_GATEWAY, 1u));
        QCOMPARE(decode_default_route(route_message(attribute(RTA_MULTIPATH, hops))),
                 (std::vector<std::uint32_t>{3, 5}));
    }

    void nextHopsThatLieAboutTheirLengthEndTheList() {
        auto hops = next_hop(3) + next_hop(4) + next_hop(5);
        for (const std::uint16_t length : std::array<std::uint16_t, 4>{0, 7, 17, 0xffff}) {
            std::memcpy(hops.data() + sizeof(rtnexthop), &length, sizeof length);
            QCOMPARE(decode_default_route(route_message(attribute(RTA_MULTIPATH, hops))),
                     (std::vector<std::uint32_t>{3}));
        }
    }

    void messagesCutAnywhereAreSafe() {
        const std::vector<Buffer> messages{
            link_message({.ifindex = 7}, text(IFLA_IFNAME, "eth0") + number(IFLA_MTU, 1400u) +
                                             attribute(IFLA_LINKINFO, text(IFLA_INFO_KIND, "veth")) +
                                             number(IFLA_STATS64, some_stats())),
            stats_message(7, number(IFLA_STATS_LINK_64, some_stats())),
            address_message(AF_INET, 24, 7, attribute(IFA_LOCAL, some_bytes("abcd"))),
            route_message(number(RTA_OIF, 7u) + attribute(RTA_MULTIPATH, next_hop(3) + next_hop(4))),
        };
        for (const Buffer& whole : messages) {
            for (std::size_t size = 0; size < whole.size(); ++size) {
                const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
                const auto link = decode_link(cut);
                QVERIFY(!link || !link->record.name.empty());
                const auto row = decode_address(cut);
                QVERIFY(!row || !row->address.address.empty());
                decode_link_notice(RTM_DELLINK, cut);
                decode_link_stats(cut);
                decode_default_route(cut);
            }
        }
    }
};

QTEST_GUILESS_MAIN(LinkCodecTest)
#include "link_codec_test.moc"
