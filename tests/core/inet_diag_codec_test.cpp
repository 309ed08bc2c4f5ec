// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "netlink_builder.hpp"

#include "kernel/inet_diag_codec.hpp"

#include <QTest>

#include <algorithm>
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

inet_diag_msg message(int family, const char* local, std::uint16_t port, const char* remote,
                      std::uint16_t peer) {
    inet_diag_msg result{};
    result.idiag_family = static_cast<std::uint8_t>(family);
    result.idiag_state = 1;
    result.idiag_uid = 1000;
    result.idiag_inode = 4711;
    result.id.idiag_cookie[0] = 0xaaaaaaaa;
    result.id.idiag_cookie[1] = 0x1;
    result.id.idiag_sport = htons(port);
    result.id.idiag_dport = htons(peer);
    inet_pton(family, local, result.id.idiag_src);
    inet_pton(family, remote, result.id.idiag_dst);
    return result;
}

// A message with unknown attributes around the one that counts.
Buffer tcp_message(const inet_diag_msg& head, const tcp_info& info,
                   std::size_t info_size = sizeof(tcp_info)) {
    return Buffer() + bytes_of(head) + number(INET_DIAG_SHUTDOWN, std::uint8_t{0}) + number(200, 7) +
           attribute(INET_DIAG_INFO, bytes_of(info).first(info_size)) + number(INET_DIAG_SKMEMINFO, 0);
}

tcp_info numbers() {
    tcp_info info{};
    info.tcpi_bytes_received = 1'000'000'000'000;
    info.tcpi_bytes_acked = 7;
    info.tcpi_rtt = 25'000;
    info.tcpi_total_retrans = 3;
    return info;
}

Endpoint endpoint(int family, const char* address, std::uint16_t port) {
    Endpoint result;
    inet_pton(family, address, result.address.data());
    result.port = port;
    result.ipv6 = family == AF_INET6;
    return result;
}

const inet_diag_msg web = message(AF_INET, "192.0.2.1", 40000, "192.0.2.2", 443);

} // namespace

class InetDiagCodecTest : public QObject {
    Q_OBJECT

private slots:
    void aTcpSocketHasItsTcpInfo() {
        const auto socket = parse_inet_diag(tcp_message(web, numbers()), Protocol::Tcp);
        SocketRecord expected;
        expected.cookie = 0x1aaaaaaaa;
        expected.inode = 4711;
        expected.uid = 1000;
        expected.protocol = Protocol::Tcp;
        expected.state = SocketState::Established;
        expected.local = endpoint(AF_INET, "192.0.2.1", 40000);
        expected.remote = endpoint(AF_INET, "192.0.2.2", 443);
        expected.has_tcp_info = true;
        expected.tcp_rx_bytes = 1'000'000'000'000;
        expected.tcp_tx_bytes = 7;
        expected.rtt_us = 25'000;
        expected.retransmits = 3;
        QCOMPARE(socket, expected);
    }

    void aShorterTcpInfoOfAnOlderKernelIsReadAsFarAsItGoes() {
        const auto enough = offsetof(tcp_info, tcpi_bytes_received) + 8;
        QCOMPARE(parse_inet_diag(tcp_message(web, numbers(), enough), Protocol::Tcp),
                 parse_inet_diag(tcp_message(web, numbers()), Protocol::Tcp));
        const auto older = parse_inet_diag(tcp_message(web, numbers(), enough - 8), Protocol::Tcp);
        QVERIFY(older && !older->has_tcp_info);
        QCOMPARE(older->rtt_us, 0u);
    }

    void aListenerHasNoTrafficOfItsOwn() {
        auto listener = web;
        listener.idiag_state = 10;
        const auto socket = parse_inet_diag(tcp_message(listener, numbers()), Protocol::Tcp);
        QVERIFY(socket && !socket->has_tcp_info);
        QCOMPARE(socket->state, SocketState::Listen);
    }

    void ipv6StaysAndMappedIpv4BecomesIpv4() {
        const auto six = message(AF_INET6, "2001:db8::1", 1, "fe80::2", 2);
        auto socket = parse_inet_diag(tcp_message(six, {}), Protocol::Tcp);
        QCOMPARE(socket->local, endpoint(AF_INET6, "2001:db8::1", 1));
        QCOMPARE(socket->remote, endpoint(AF_INET6, "fe80::2", 2));
        const auto mapped = message(AF_INET6, "::ffff:192.0.2.1", 1, "::ffff:192.0.2.2", 2);
        socket = parse_inet_diag(tcp_message(mapped, {}), Protocol::Tcp);
        QCOMPARE(socket->local, endpoint(AF_INET, "192.0.2.1", 1));
        QCOMPARE(socket->remote, endpoint(AF_INET, "192.0.2.2", 2));
        const auto any = message(AF_INET6, "::", 1, "::", 0);
        socket = parse_inet_diag(tcp_message(any, {}), Protocol::Tcp);
        QCOMPARE(socket->local, endpoint(AF_INET6, "::", 1));
    }

    void aRawSocketHasNoPort() {
        const auto ping = message(AF_INET, "0.0.0.0", 1 /* IPPROTO_ICMP */, "192.0.2.2", 0);
        const auto socket = parse_inet_diag(Bytes(bytes_of(ping)), Protocol::Raw);
        QCOMPARE(socket->local, endpoint(AF_INET, "0.0.0.0", 0));
        QCOMPARE(socket->protocol, Protocol::Raw);
    }

    void anUnknownStateIsUnknown() {
        auto odd = web;
        odd.idiag_state = 200;
        QCOMPARE(parse_inet_diag(bytes_of(odd), Protocol::Udp)->state, SocketState::Unknown);
    }

    void anotherFamilyIsNoInternetSocket() {
        auto unix_socket = web;
        unix_socket.idiag_family = AF_UNIX;
        QVERIFY(!parse_inet_diag(bytes_of(unix_socket), Protocol::Tcp));
    }

    void cutAnywhereItGivesLessButNeverMore() {
        const auto whole = tcp_message(web, numbers());
        const auto full = parse_inet_diag(whole, Protocol::Tcp);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const Buffer cut(whole.begin(), whole.begin() + std::ptrdiff_t(size)); // its own end, for ASan
            const auto socket = parse_inet_diag(cut, Protocol::Tcp);
            QCOMPARE(socket.has_value(), size >= sizeof(inet_diag_msg));
            if (socket && socket->has_tcp_info) {
                QCOMPARE(socket, full);
            }
        }
    }

    void attributeLengthsThatLieAreNotFollowed() {
        for (const int length : {0, 1, 3, 5, 200, 0xffff}) {
            const nlattr liar{static_cast<std::uint16_t>(length), INET_DIAG_INFO};
            const auto buffer = Buffer() + bytes_of(web) + bytes_of(liar) + bytes_of(0xffffffffu);
            const auto socket = parse_inet_diag(buffer, Protocol::Tcp);
            QVERIFY(socket && !socket->has_tcp_info);
        }
    }

    void tcpIsOneDumpAndTheOthersTwo() {
        QCOMPARE(inet_diag_requests(Protocol::Tcp).size(), 1u);
        for (const auto protocol : {Protocol::Udp, Protocol::UdpLite, Protocol::Sctp, Protocol::Raw}) {
            const auto requests = inet_diag_requests(protocol);
            QCOMPARE(requests.size(), 2u);
            QCOMPARE(read_prefix<inet_diag_req_v2>(requests[0].body).sdiag_family, AF_INET);
            QCOMPARE(read_prefix<inet_diag_req_v2>(requests[1].body).sdiag_family, AF_INET6);
        }
        QVERIFY(inet_diag_requests(Protocol::Icmp).empty());
        QVERIFY(inet_diag_requests(Protocol::Other).empty());
    }

    void anAssociationSpeaksForItsSctpSocket() {
        const auto record = [](std::uint64_t cookie, int state, std::uint16_t peer) {
            SocketRecord socket;
            socket.cookie = cookie;
            socket.state = static_cast<SocketState>(state);
            socket.remote.port = peer;
            return socket;
        };
        std::vector<SocketRecord> sockets{
            record(3, 10, 0),                   // a listener
            record(2, 7, 0),  record(2, 3, 99), // one socket for many, with an established association (3)
            record(1, 1, 55), record(1, 3, 55), // connected itself: TCP's numbers count
            record(3, 10, 0),                   // listed twice
        };
        merge_associations(sockets);
        QCOMPARE(sockets.size(), 3u);
        QCOMPARE(sockets[0], record(1, 1, 55));
        QCOMPARE(sockets[1], record(2, 1, 99));
        QCOMPARE(sockets[2], record(3, 10, 0));
    }
};

QTEST_GUILESS_MAIN(InetDiagCodecTest)
#include "inet_diag_codec_test.moc"
