// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/booted_machine.hpp"
#include "support/require.hpp"

#include <sockledger/daemon.hpp>

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>
#include <optional>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// A line of /proc/PID/status, without its name.
QByteArray status_line(pid_t pid, const char* name) {
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (file.open(QIODevice::ReadOnly))
        for (const QByteArray& line : file.readAll().split('\n'))
            if (line.startsWith(QByteArray(name) + ":"))
                return line.mid(line.indexOf(':') + 1).simplified();
    return {};
}

} // namespace

/// The installed units in the hands of a real systemd.
class ServiceTest : public QObject {
    Q_OBJECT

    QTemporaryDir directory_;
    std::optional<BootedMachine> machine_;
    std::unique_ptr<DaemonClient> client_;

    pid_t pid() const { return machine_->pid_of("sockledgerd"); }

    /// A client that was there before finds the daemon again.
    std::uint32_t answering() const {
        auto status = client_->status();
        if (!status) // its connection ended with the daemon
            status = client_->status();
        return status ? status->pid : 0;
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf", "systemd");
        // The daemon is another user, who has to get there.
        QVERIFY(QFile::setPermissions(directory_.path(), QFile::ReadOwner | QFile::WriteOwner |
                                                             QFile::ExeOwner | QFile::ReadOther |
                                                             QFile::ExeOther));
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DESTDIR", directory_.path());
        const Outcome install =
            outcome_of(SOCKLEDGER_CMAKE, {"--install", SOCKLEDGER_DAEMON_BUILD}, environment);
        QVERIFY2(install.status == 0, install.complaints);
        machine_.emplace(directory_.path());
        auto client = DaemonClient::connect(machine_->path(default_socket).toStdString());
        QVERIFY2(client, client ? "" : client.error().message.c_str());
        client_ = *std::move(client);
    }

    void theSandboxLeavesWhatExactNumbersTake() {
        const auto status = client_->status();
        QVERIFY2(status, status ? "" : status.error().message.c_str());
        QCOMPARE(status->sources.size(), std::size_t{5});
        for (const SourceStatus& source : status->sources)
            QVERIFY2(source.accuracy == Accuracy::Exact, source.detail.c_str());
    }

    void historyIsKeptInTheStateDirectory() {
        const auto status = client_->status();
        QVERIFY(status);
        QVERIFY2(status->history.recording, status->history.detail.c_str());
        QCOMPARE(status->history.path, std::string("/var/lib/sockledger/history.db"));
        const QFileInfo folder(machine_->path("/var/lib/sockledger"));
        QVERIFY(!folder.permission(QFile::ReadOther) && !folder.permission(QFile::ExeOther));
    }

    void itHasItsFourCapabilitiesAndNoMore() {
        // CAP_NET_ADMIN 12, CAP_SYS_PTRACE 19, CAP_PERFMON 38, CAP_BPF 39
        for (const char* set : {"CapBnd", "CapEff", "CapPrm", "CapAmb"})
            QCOMPARE(status_line(pid(), set), QByteArray("000000c000081000"));
        QCOMPARE(status_line(pid(), "NoNewPrivs"), QByteArray("1"));
        QCOMPARE(status_line(pid(), "Seccomp"), QByteArray("2"));
        QVERIFY(!status_line(pid(), "Uid").startsWith("0 "));
    }

    void everybodyMayConnect() {
        const auto permissions = QFileInfo(machine_->path(default_socket)).permissions();
        QVERIFY(permissions.testFlag(QFile::ReadOther) && permissions.testFlag(QFile::WriteOther));
    }

    void reloadingLeavesItRunning() {
        const auto before = answering();
        const Outcome reload = machine_->systemctl({"reload", "sockledgerd.service"});
        QVERIFY2(reload.status == 0, reload.complaints);
        QCOMPARE(answering(), before);
    }

    void aRuleRunsItsCommandInTheSandbox() {
        QFile file(machine_->path("/etc/sockledger/sockledgerd.toml"));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("[[rule]]\nid = \"spoken\"\ninterface = \"lo\"\nrate = \"1B/s\"\nfor = 1\n"
                   "command = [\"/usr/bin/touch\", \"/var/lib/sockledger/spoken\"]\n");
        file.close();
        QCOMPARE(machine_->systemctl({"reload", "sockledgerd.service"}).status, 0);
        QProcess speaker; // a datagram every tenth of a second
        speaker.start("nsenter",
                      {"-t", QString::number(pid()), "-n", "bash", "-c",
                       "ip link set lo up; while sleep 0.1; do echo hi > /dev/udp/127.0.0.1/9; done"});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(machine_->path("/var/lib/sockledger/spoken")), 15'000);
        speaker.kill();
        speaker.waitForFinished();
    }

    void clientsWaitWhileItIsStartedAgain() {
        const auto before = answering();
        QCOMPARE(::kill(pid(), SIGKILL), 0);
        const auto after = answering();
        QVERIFY(after != 0 && after != before);
    }

    void whenItHangsItIsStartedAgain() {
        const auto before = answering();
        QCOMPARE(::kill(pid(), SIGSTOP), 0);
        const auto after = answering();
        QVERIFY(after != 0 && after != before);
    }

    void itEndsInOrderAndIsStartedByTheNextClient() {
        const Outcome stop = machine_->systemctl({"stop", "sockledgerd.service"});
        QVERIFY2(stop.status == 0, stop.complaints);
        const Outcome result = machine_->systemctl(
            {"show", "--property=Result,ExecMainStatus,ActiveState", "sockledgerd.service"});
        for (const char* line : {"Result=success\n", "ExecMainStatus=0\n", "ActiveState=inactive\n"})
            QVERIFY2(result.output.contains(line), result.output);
        QVERIFY(answering() != 0);
        QVERIFY(pid() != 0);
    }
};

QTEST_GUILESS_MAIN(ServiceTest)
#include "service_test.moc"
