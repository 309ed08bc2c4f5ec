// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_net_sockets.hpp"

#include <QTest>

#include <arpa/inet.h>
#include <cstdio>

using namespace sockledger;

namespace {

constexpr const char* columns =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
    "timeout inode ref pointer drops\n";

// As the kernel writes it: an address is one word of the machine's own byte order, or four.
std::string address(int family, const char* text) {
    std::uint32_t words[4]{};
    inet_pton(family, text, words);
    std::string hex;
    for (int i = 0; i < (family == AF_INET ? 1 : 4); ++i) {
        char word[9];
        std::snprintf(word, sizeof word, "%08X", words[i]);
        hex += word;
    }
    return hex;
}

std::string line(const std::string& local, const std::string& remote) {
    return "  253: " + local + ":00FD " + remote +
           ":0000 07 00000000:00000000 00:00000000 00000000  1000        0 "
           "123456 2 0000000000000000 0\n";
}

Endpoint endpoint(int family, const char* text, std::uint16_t port = 0) {
    Endpoint result;
    inet_pton(family, text, result.address.data());
    result.port = port;
    result.ipv6 = family == AF_INET6;
    return result;
}

} // namespace

class ProcNetSocketsTest : public QObject {
    Q_OBJECT

private slots:
    void aLineIsASocket() {
        std::vector<SocketRecord> sockets;
        const auto text = columns + line(address(AF_INET, "192.0.2.1"), address(AF_INET, "0.0.0.0"));
        QCOMPARE(parse_proc_net_sockets(text, Protocol::Raw, sockets), 0u);
        SocketRecord expected;
        expected.protocol = Protocol::Raw;
        expected.state = SocketState::Close;
        expected.local = endpoint(AF_INET, "192.0.2.1");
        expected.remote = endpoint(AF_INET, "0.0.0.0");
        expected.uid = 1000;
        expected.inode = 123456;
        QCOMPARE(sockets, std::vector{expected});
    }

    void ipv6AndMappedAddressesAreTold() {
        std::vector<SocketRecord> sockets;
        const auto text =
            columns + line(address(AF_INET6, "2001:db8::1"), address(AF_INET6, "::ffff:192.0.2.2"));
        QCOMPARE(parse_proc_net_sockets(text, Protocol::Icmp, sockets), 0u);
        QCOMPARE(sockets.at(0).local, endpoint(AF_INET6, "2001:db8::1", 253)); // the identifier of its echoes
        QCOMPARE(sockets.at(0).remote, endpoint(AF_INET, "192.0.2.2"));
    }

    void badLinesAreCountedAndTheRestIsRead() {
        const auto four = address(AF_INET, "192.0.2.1");
        const std::string good = line(four, four);
        for (const std::string bad :
             {"\n", "x\n", ":\n", "  1: 0:0 0:0 07\n", "1: zzzzzzzz:0000 00000000:0000 07 0 0 0 0 0 1\n",
              "1: 00000000:10000 00000000:0000 07 0 0 0 0 0 1\n",
              "1: 00000000:0000 00000000:0000 fff 0 0 0 0 0 1\n",
              "1: 00000000:0000 00000000:0000 07 0 0 0 -1 0 1\n",
              "1: 00000000:0000 00000000: 07 0 0 0 0 0 1\n"}) {
            std::vector<SocketRecord> sockets;
            QCOMPARE(parse_proc_net_sockets(columns + bad + good, Protocol::Raw, sockets), 1u);
            QCOMPARE(sockets.size(), 1u);
        }
    }

    void cutAnywhereItGivesLessButNeverMore() {
        const auto four = address(AF_INET, "192.0.2.1");
        const std::string whole = columns + line(four, four) + line(four, four);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            std::vector<SocketRecord> sockets;
            const auto bad = parse_proc_net_sockets(std::string(whole.data(), size), Protocol::Raw, sockets);
            QVERIFY(sockets.size() <= 2 && bad <= 1);
        }
    }
};

QTEST_GUILESS_MAIN(ProcNetSocketsTest)
#include "proc_net_sockets_test.moc"
