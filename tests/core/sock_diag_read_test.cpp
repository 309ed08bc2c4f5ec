// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "netlink_builder.hpp"

#include "kernel/files.hpp"
#include "kernel/sock_diag.hpp"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

inet_diag_msg socket_message(std::uint32_t cookie) {
    inet_diag_msg message{};
    message.idiag_family = AF_INET;
    message.idiag_state = 7;
    message.id.idiag_cookie[0] = cookie;
    return message;
}

/// A kernel with TCP and UDP sockets, and no other protocol.
class Kernel : public FakeKernel {
public:
    int refusal = ENOENT; ///< of what it does not have
    int udp_requests = 0;
    int other_requests = 0;

    Kernel() {
        tables[TCPDIAG_GETSOCK] = {TCPDIAG_GETSOCK, {Buffer() + bytes_of(socket_message(1))}, 0, 0};
        udp_ = {SOCK_DIAG_BY_FAMILY, {Buffer() + bytes_of(socket_message(2))}, 0, 0};
    }

    Result<void> send(Bytes bytes) override {
        const auto request = read_prefix<inet_diag_req_v2>(bytes.subspan(sizeof(nlmsghdr)));
        const bool udp = request.sdiag_protocol == IPPROTO_UDP && request.sdiag_family == AF_INET;
        if (read_prefix<nlmsghdr>(bytes).nlmsg_type == SOCK_DIAG_BY_FAMILY) {
            ++(udp ? udp_requests : other_requests);
            tables[SOCK_DIAG_BY_FAMILY] = udp ? udp_ : Table{SOCK_DIAG_BY_FAMILY, {}, refusal, 0};
        }
        return FakeKernel::send(bytes);
    }

private:
    Table udp_;
};

/// Each read opens a socket of its own; they all lead to the one kernel.
class Line : public NetlinkTransport {
public:
    explicit Line(Kernel& kernel) : kernel_(kernel) {}
    Result<void> send(Bytes bytes) override { return kernel_.send(bytes); }
    Result<std::size_t> receive(std::vector<std::byte>& buffer) override { return kernel_.receive(buffer); }

private:
    Kernel& kernel_;
};

constexpr int no_procfs = -1;

} // namespace

class SockDiagReadTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        kernel_.emplace();
        sock_diag_.emplace([this]() -> Result<std::unique_ptr<NetlinkTransport>> {
            return std::unique_ptr<NetlinkTransport>(std::make_unique<Line>(*kernel_));
        });
    }

    void everyProtocolIsAskedFor() {
        const auto sockets = sock_diag_->read(no_procfs);
        QVERIFY(sockets);
        QCOMPARE(sockets->size(), 2u);
        QCOMPARE(sockets->at(0).protocol, Protocol::Tcp);
        QCOMPARE(sockets->at(1).protocol, Protocol::Udp);
        QCOMPARE(sock_diag_->lost(), 0u);
    }

    void anInterruptedDumpIsReadAgainAndCountsOnce() {
        kernel_->tables[TCPDIAG_GETSOCK].interrupted = 2;
        QCOMPARE(sock_diag_->read(no_procfs)->size(), 2u);
        QCOMPARE(std::ranges::count(kernel_->requests, TCPDIAG_GETSOCK), 3);
        QCOMPARE(sock_diag_->lost(), 0u);
    }

    void aDumpThatIsAlwaysInterruptedIsUsedAndSaysSo() {
        kernel_->tables[TCPDIAG_GETSOCK].interrupted = 1000;
        QCOMPARE(sock_diag_->read(no_procfs)->size(), 2u);
        QCOMPARE(sock_diag_->lost(), 1u);
    }

    void whatTheKernelDoesNotHaveIsAskedForOnce() {
        QVERIFY(sock_diag_->read(no_procfs));
        const int asked = kernel_->other_requests;
        QVERIFY(sock_diag_->read(no_procfs));
        QCOMPARE(kernel_->other_requests, asked);
        QCOMPARE(kernel_->udp_requests, 2);
    }

    void aFailureThatMayPassIsToldAndTriedAgain() {
        kernel_->refusal = ENOMEM;
        const auto failed = sock_diag_->read(no_procfs);
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ENOMEM);
        kernel_->refusal = ENOENT;
        QVERIFY(sock_diag_->read(no_procfs));
    }

    void withoutTcpThereIsNoTable() {
        kernel_->tables[TCPDIAG_GETSOCK].error = EPERM;
        const auto failed = sock_diag_->read(no_procfs);
        QVERIFY(!failed);
        QVERIFY(failed.error().message.find("tcp") != std::string::npos);
    }

    void whereItIsDeniedTheFilesStandInForGood() {
        const QTemporaryDir proc;
        QVERIFY(QDir(proc.path()).mkpath("thread-self/net"));
        QFile file(proc.filePath("thread-self/net/tcp"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "  sl  local_address rem_address   st\n"
            "   0: 0100007F:0016 0200007F:9C40 01 00000000:00000000 02:000AFAF0 00000000  1000        0 "
            "4711 2\n");
        file.close();
        kernel_->tables[TCPDIAG_GETSOCK].error = EACCES;
        const auto procfs = open_directory(AT_FDCWD, QFile::encodeName(proc.path()));
        const auto sockets = sock_diag_->read(procfs->get());
        QVERIFY(sockets);
        QCOMPARE(sockets->size(), 1u);
        QCOMPARE(sockets->at(0).inode, 4711u);
        QCOMPARE(sockets->at(0).state, SocketState::Established);
        QVERIFY(!sockets->at(0).has_tcp_info);
        QCOMPARE(sock_diag_->refusal()->code, EACCES);
        const auto asked = kernel_->requests.size();
        QVERIFY(sock_diag_->read(procfs->get()));
        QCOMPARE(kernel_->requests.size(), asked);
    }

    void whatHasWorkedOnceIsNotReplacedByFiles() {
        QVERIFY(sock_diag_->read(no_procfs));
        kernel_->tables[TCPDIAG_GETSOCK].error = EACCES;
        QVERIFY(!sock_diag_->read(no_procfs));
        QVERIFY(!sock_diag_->refusal());
        kernel_->tables[TCPDIAG_GETSOCK].error = 0;
        QCOMPARE(sock_diag_->read(no_procfs)->size(), 2u);
    }

    void anAnswerThatIsNoSocketIsCountedAsLost() {
        kernel_->tables[TCPDIAG_GETSOCK].payloads.push_back(some_bytes("short"));
        QCOMPARE(sock_diag_->read(no_procfs)->size(), 2u);
        QCOMPARE(sock_diag_->lost(), 1u);
    }

private:
    std::optional<Kernel> kernel_;
    std::optional<SockDiag> sock_diag_;
};

QTEST_GUILESS_MAIN(SockDiagReadTest)
#include "sock_diag_read_test.moc"
