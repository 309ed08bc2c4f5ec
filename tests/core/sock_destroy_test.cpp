// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "netlink_builder.hpp"

#include "kernel/sock_destroy.hpp"

#include <QTest>

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::test;

class SockDestroyTest : public QObject {
    Q_OBJECT

    FakeTransport* kernel_ = nullptr; // owned by destroyed_
    std::unique_ptr<SockDestroy> destroyed_;

    // As the kernel writes it: neither user nor inode, closed, and the protocol before the tcp_info.
    static Buffer notice(std::uint32_t cookie, std::uint64_t rx, std::uint64_t tx) {
        inet_diag_msg head{};
        head.idiag_family = AF_INET;
        head.idiag_state = 7;
        head.id.idiag_cookie[0] = cookie;
        tcp_info info{};
        info.tcpi_bytes_received = rx;
        info.tcpi_bytes_acked = tx;
        return message(SOCK_DIAG_BY_FAMILY, 0,
                       Buffer() + bytes_of(head) + number(INET_DIAG_PROTOCOL, std::uint8_t{6}) +
                           attribute(INET_DIAG_INFO, bytes_of(info)),
                       0);
    }

private slots:
    void init() {
        auto transport = std::make_unique<FakeTransport>();
        kernel_ = transport.get();
        destroyed_ = std::make_unique<SockDestroy>(std::move(transport));
    }

    void aDestroyedSocketHasItsLastBytes() {
        kernel_->script = {notice(7, 1000, 20), notice(8, 0, 1)};
        std::vector<SocketRecord> closed;
        QVERIFY(destroyed_->drain(closed));
        QCOMPARE(closed.size(), 2u);
        QCOMPARE(closed[0].cookie, 7u);
        QCOMPARE(closed[0].protocol, Protocol::Tcp);
        QCOMPARE(closed[0].state, SocketState::Close);
        QVERIFY(closed[0].has_tcp_info);
        QCOMPARE(closed[0].tcp_rx_bytes, 1000u);
        QCOMPARE(closed[0].tcp_tx_bytes, 20u);
        QCOMPARE(destroyed_->lost(), 0u);
    }

    void listenersAndFailedAttemptsAreLeftOut() {
        kernel_->script = {notice(7, 0, 0)};
        std::vector<SocketRecord> closed;
        QVERIFY(destroyed_->drain(closed));
        QVERIFY(closed.empty());
    }

    void whatIsQueuedBeyondALossIsReadAndTheLossIsTold() {
        kernel_->script = {notice(7, 1, 1), ENOBUFS, notice(8, 1, 1)};
        std::vector<SocketRecord> closed;
        QVERIFY(!destroyed_->drain(closed));
        QCOMPARE(closed.size(), 2u);
        QCOMPARE(destroyed_->lost(), 1u);
        QVERIFY(destroyed_->drain(closed));
    }

    void anotherFailureIsNotCompleteness() {
        kernel_->script = {ENOMEM};
        std::vector<SocketRecord> closed;
        QVERIFY(!destroyed_->drain(closed));
    }

    void whatIsNoSocketIsLost() {
        kernel_->script = {message(SOCK_DIAG_BY_FAMILY, 0, some_bytes("short"), 0), some_bytes("shorter"),
                           message(NLMSG_NOOP, 0, {}, 0)};
        std::vector<SocketRecord> closed;
        QVERIFY(destroyed_->drain(closed));
        QVERIFY(closed.empty());
        QCOMPARE(destroyed_->lost(), 2u);
    }
};

QTEST_GUILESS_MAIN(SockDestroyTest)
#include "sock_destroy_test.moc"
