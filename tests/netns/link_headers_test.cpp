// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/links.hpp"
#include "support/checked.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"

#include <QTest>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::test;

/// What devices count for a packet, from datagrams of known length between two namespaces.
class LinkHeadersTest : public QObject {
    Q_OBJECT

    static constexpr unsigned packets = 20;
    static constexpr unsigned network_length = 1028; // 1000 bytes with the headers of UDP and IPv4

    static sockaddr_in address(const char* text) {
        sockaddr_in result{};
        result.sin_family = AF_INET;
        result.sin_port = htons(7777);
        inet_pton(AF_INET, text, &result.sin_addr);
        return result;
    }

    static UniqueFd udp_socket(const Namespace& space) {
        return space.run(
            [] { return UniqueFd(checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")); });
    }

    static bool exchange(const UniqueFd& from, const UniqueFd& to, const sockaddr_in& target) {
        std::array<char, 1000> payload{};
        const auto* name = reinterpret_cast<const sockaddr*>(&target);
        checked(sendto(from.get(), payload.data(), payload.size(), 0, name, sizeof target), "sendto");
        pollfd poll_fd{to.get(), POLLIN, 0};
        return poll(&poll_fd, 1, 5000) == 1 &&
               recv(to.get(), payload.data(), payload.size(), 0) == ssize_t{payload.size()};
    }

    /// Gives the end of a veth pair the device under test on top, with an address.
    static void build(const VethEnd& end, const VethEnd& other, const std::string& kind,
                      const std::string& number) {
        const Namespace& space = *end.space;
        if (kind == "bridge") {
            // A snooping bridge reports its own membership of 224.0.0.106 at a random moment.
            space.ip({"link", "add", "dev0", "type", "bridge", "mcast_snooping", "0"});
            space.ip({"link", "set", end.device, "master", "dev0"});
        } else if (kind == "macvlan") {
            space.ip(
                {"link", "add", "link", end.device, "name", "dev0", "type", "macvlan", "mode", "bridge"});
        } else if (kind == "vxlan") {
            space.ip({"link", "add", "dev0", "type", "vxlan", "id", "42", "dstport", "4789", "local",
                      end.ipv4, "remote", other.ipv4});
        }
        space.ip({"link", "set", "dev0", "addrgenmode", "none", "address", "02:00:00:00:01:0" + number});
        space.ip({"address", "add", "203.0.113." + number + "/24", "dev", "dev0"});
        space.ip({"link", "set", "dev0", "up"});
        const std::string peer = number == "1" ? "2" : "1";
        space.ip(
            {"neigh", "replace", "203.0.113." + peer, "lladdr", "02:00:00:00:01:0" + peer, "dev", "dev0"});
    }

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns"); }

    void headersAreWhatTheDeviceCounts_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"veth", "bridge", "macvlan", "vxlan"}) {
            QTest::newRow(kind) << kind;
        }
    }

    void headersAreWhatTheDeviceCounts() {
        QFETCH(QString, kind);
        const Namespace left;
        const Namespace right;
        const VethPair veth(left, right);
        veth.set_offloads(Offloads::Off);
        const bool stacked = kind != "veth";
        if (stacked) {
            build(veth.left(), veth.right(), kind.toStdString(), "1");
            build(veth.right(), veth.left(), kind.toStdString(), "2");
        }
        const std::string left_device = stacked ? "dev0" : veth.left().device;
        const std::string right_device = stacked ? "dev0" : veth.right().device;
        const UniqueFd sender = udp_socket(left);
        const UniqueFd receiver = udp_socket(right);
        const auto any = address("0.0.0.0");
        checked(bind(receiver.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), "bind");
        const auto target = address(stacked ? "203.0.113.2" : veth.right().ipv4.c_str());
        QVERIFY(exchange(sender, receiver, target)); // the bridge has learned its ports

        const auto sent_before = read_counters(left, left_device);
        const auto received_before = read_counters(right, right_device);
        for (unsigned i = 0; i < packets; ++i) {
            QVERIFY(exchange(sender, receiver, target));
        }
        const auto sent = read_counters(left, left_device) - sent_before;
        const auto received = read_counters(right, right_device) - received_before;
        LinkRecord record;
        record.kind = kind.toStdString();
        record.type = 1;
        const LinkHeaders headers = link_headers(record);
        QCOMPARE(sent.tx_packets, std::uint64_t{packets});
        QCOMPARE(received.rx_packets, std::uint64_t{packets});
        QCOMPARE(sent.tx_bytes, std::uint64_t{packets * (network_length + headers.tx_bytes)});
        QCOMPARE(received.rx_bytes, std::uint64_t{packets * (network_length + headers.rx_bytes)});
    }
};

QTEST_GUILESS_MAIN(LinkHeadersTest)
#include "link_headers_test.moc"
