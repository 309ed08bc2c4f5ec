// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "fake_proc.hpp"

#include "kernel/procfs.hpp"

#include <QTest>

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace sockledger;
using sockledger::test::FakeProc;

namespace {

constexpr ProcessId curl{100, 5000};

// Answers the read of `file` with `content`, after `meanwhile` has happened: the reader has by then
// read what comes before and waits.
template<typename Meanwhile>
std::thread answer_after(const FakeProc& proc, const QString& file, const std::string& content,
                         Meanwhile meanwhile) {
    const auto path = QFile::encodeName(proc.path(curl, file));
    unlink(path);
    if (mkfifo(path, 0600) != 0) {
        qFatal("mkfifo");
    }
    return std::thread([=] {
        const UniqueFd fifo(open(path, O_WRONLY | O_CLOEXEC)); // waits for the reader
        meanwhile();
        if (write(fifo.get(), content.data(), content.size()) < 0) {
            qFatal("write");
        }
    });
}

} // namespace

class ProcfsTest : public QObject {
    Q_OBJECT

private slots:
    void aProcessIsDescribed() {
        FakeProc proc;
        proc.add(curl, "cu rl)", "/usr/bin/curl (deleted)");
        const auto facts = describe_process(proc.fd(), curl);
        QVERIFY(facts);
        QCOMPARE(facts->record.process, curl);
        QCOMPARE(facts->record.comm, "cu rl)");
        QCOMPARE(facts->record.exe, "/usr/bin/curl");
        QVERIFY(facts->exe_deleted);
        QCOMPARE(facts->record.command_line, (std::vector<std::string>{"cu rl)", "--flag"}));
        QCOMPARE(facts->record.uid, 4242u);
        QCOMPARE(facts->record.parent_pid, 7u);
        QCOMPARE(facts->record.cgroup, "/test.slice");
        QVERIFY(!facts->hidden);
        QVERIFY(!facts->kernel_thread);
    }

    void theTerminalIsThatOfTheProcess() {
        FakeProc proc;
        proc.add(curl, "curl");
        QVERIFY(!describe_process(proc.fd(), curl)->record.terminal);
        proc.write(curl, "stat", "100 (curl) S 7 1 1 34816 1 0 0 0 0 0 0 0 0 0 20 0 1 0 5000 0 0\n");
        QVERIFY(describe_process(proc.fd(), curl)->record.terminal);
    }

    void flatpakInfoIsAFileInTheRootOfTheProcess() {
        FakeProc proc;
        proc.add(curl, "curl");
        QCOMPARE(read_flatpak_info(proc.fd(), curl.pid), "");
        QDir(proc.path(curl, "")).mkpath("root");
        proc.write(curl, "root/.flatpak-info", "[Application]\nname=org.gimp.GIMP\n");
        QCOMPARE(read_flatpak_info(proc.fd(), curl.pid), "[Application]\nname=org.gimp.GIMP\n");
        proc.write(curl, "root/.flatpak-info", std::string(1 << 20, 'x'));
        QCOMPARE(read_flatpak_info(proc.fd(), curl.pid), "");
        proc.remove(curl, "root/.flatpak-info");
        const auto pipe = QFile::encodeName(proc.path(curl, "root/.flatpak-info"));
        QCOMPARE(mkfifo(pipe, 0600), 0); // nobody will ever write into it
        QCOMPARE(read_flatpak_info(proc.fd(), curl.pid), "");
    }

    void namesComeOutPrintable() {
        FakeProc proc;
        proc.add(curl, "a\xff\nb", "/tmp/new\nline");
        const auto facts = describe_process(proc.fd(), curl);
        QVERIFY(facts);
        QCOMPARE(facts->record.comm, "a\\xff\\x0ab");
        QCOMPARE(facts->record.exe, "/tmp/new\\x0aline");
    }

    void aLaterProcessOfTheSamePidIsNotIt() {
        FakeProc proc;
        proc.add({curl.pid, curl.start_ticks + 1}, "stranger");
        QVERIFY(!describe_process(proc.fd(), curl));
    }

    void aPidReusedWhileItIsReadGivesNothing() {
        FakeProc proc;
        proc.add(curl, "curl");
        auto other = answer_after(proc, "status", "Uid:\t0\t0\t0\t0\n", [&] {
            proc.write_stat({curl.pid, curl.start_ticks + 1}, "stranger");
        });
        const auto facts = describe_process(proc.fd(), curl);
        other.join();
        QVERIFY(!facts);
    }

    void aProcessThatVanishesWhileItIsReadGivesNothing() {
        FakeProc proc;
        proc.add(curl, "curl");
        auto other = answer_after(proc, "status", "Uid:\t0\t0\t0\t0\n", [&] { proc.remove(curl, "stat"); });
        const auto facts = describe_process(proc.fd(), curl);
        other.join();
        QVERIFY(!facts);
    }

    void anExecWhileItIsReadNeverMixesTwoPrograms() {
        FakeProc proc;
        proc.add(curl, "sh", "/bin/sh");
        auto other = answer_after(proc, "cmdline", "sh", [&] { proc.add(curl, "curl", "/usr/bin/curl"); });
        const auto facts = describe_process(proc.fd(), curl);
        other.join();
        QVERIFY(facts);
        QCOMPARE(facts->record.comm, "curl");
        QCOMPARE(facts->record.exe, "/usr/bin/curl");
        QCOMPARE(facts->record.command_line.front(), "curl");
    }

    void whatIsMissingIsEmptyButAProcessHasAUser_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("described");
        QTest::newRow("exe") << "exe" << true;
        QTest::newRow("cmdline") << "cmdline" << true;
        QTest::newRow("cgroup") << "cgroup" << true;
        QTest::newRow("status") << "status" << false;
        QTest::newRow("stat") << "stat" << false;
    }
    void whatIsMissingIsEmptyButAProcessHasAUser() {
        QFETCH(QString, file);
        QFETCH(bool, described);
        FakeProc proc;
        proc.add(curl, "curl");
        proc.remove(curl, file);
        const auto facts = describe_process(proc.fd(), curl);
        QCOMPARE(facts.has_value(), described);
        if (facts) {
            const auto& record = facts->record;
            QCOMPARE(record.exe.empty() + record.command_line.empty() + record.cgroup.empty(), 1);
            QVERIFY(!facts->hidden);
        }
    }

    void aLongCommandLineIsCut() {
        FakeProc proc;
        proc.add(curl, "curl");
        proc.write(curl, "cmdline", std::string(1 << 20, 'x'));
        QCOMPARE(describe_process(proc.fd(), curl)->record.command_line.front().size(), 4096u);
    }

    void onlyNumbersAreProcesses() {
        FakeProc proc;
        proc.add({7, 1}, "a");
        proc.add({123456, 1}, "b");
        QDir(proc.path({7, 1}, "..")).mkdir("sys");
        QDir(proc.path({7, 1}, "..")).mkdir("0");
        QDir(proc.path({7, 1}, "..")).mkdir("12x");
        auto pids = list_pids(proc.fd());
        std::ranges::sort(pids);
        QCOMPARE(pids, (std::vector<std::uint32_t>{7, 123456}));
    }

    void aZombieIsDeadUnlessItsThreadsLive() {
        ProcessStat stat;
        stat.state = 'Z';
        stat.threads = 2;
        QVERIFY(!is_dead(stat));
        stat.threads = 1;
        QVERIFY(is_dead(stat));
        stat.state = 'S';
        QVERIFY(!is_dead(stat));
    }
};

QTEST_GUILESS_MAIN(ProcfsTest)
#include "procfs_test.moc"
