// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"

#include "kernel/cgroup2_mount.hpp"
#include "kernel/cgroupfs.hpp"
#include "samplers/processes.hpp"
#include "support/require.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <optional>

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

ProcessId identify(pid_t pid) {
    const auto procfs = open_procfs();
    const auto stat = read_stat(procfs->get(), static_cast<std::uint32_t>(pid));
    return {static_cast<std::uint32_t>(pid), stat ? stat->start_ticks : 0};
}

// One read of a source to which a socket table shows these holders.
ProcessesReading meet(Source& source, const std::vector<ProcessId>& holders, SourceStatus* status = nullptr) {
    Readings readings;
    for (const auto& holder : holders) {
        SocketRecord socket;
        socket.process = holder;
        readings.sockets.sockets.push_back(socket);
    }
    readings.sockets.fresh = true;
    const auto said = source.read(readings);
    if (status) {
        *status = said;
    }
    return readings.processes;
}

ProcessRecord describe(pid_t pid) {
    const auto source = make_processes_source();
    auto reading = meet(*source, {identify(pid)});
    if (reading.described.size() != 1) {
        throw std::runtime_error("not described");
    }
    return std::move(reading.described.front());
}

/// A child of a chosen pid; nothing when the kernel does not let us choose. Its name is `comm`.
std::optional<pid_t> fork_as(pid_t pid, const char* comm) {
    clone_args arguments{};
    arguments.exit_signal = SIGCHLD;
    arguments.set_tid = reinterpret_cast<std::uint64_t>(&pid);
    arguments.set_tid_size = 1;
    const auto child = static_cast<pid_t>(syscall(SYS_clone3, &arguments, sizeof arguments));
    if (child == 0) {
        prctl(PR_SET_NAME, comm);
        pause();
        _exit(0);
    }
    return child > 0 ? std::optional(child) : std::nullopt;
}

void end(pid_t pid) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
}

// Has a child do something, and waits until it says that it is done; then the child waits to be killed.
Child after(const std::function<void()>& body) {
    auto pipe = make_pipe();
    Child child([&] {
        body();
        checked(write(pipe.write_end.get(), "", 1), "write");
        pause();
    });
    char done = 0;
    checked(read(pipe.read_end.get(), &done, 1), "read");
    return child;
}

// The descriptor closes when the program has been replaced.
Child exec(const std::vector<std::string>& arguments) {
    auto pipe = make_pipe();
    Child child([&] {
        std::vector<char*> argv;
        for (const auto& argument : arguments) {
            argv.push_back(const_cast<char*>(argument.c_str()));
        }
        argv.push_back(nullptr);
        execv(argv[0], argv.data());
        _exit(127);
    });
    pipe.write_end = UniqueFd();
    char nothing = 0;
    checked(read(pipe.read_end.get(), &nothing, 1), "read");
    return child;
}

std::string own_cgroup() {
    const auto procfs = open_procfs();
    return describe_process(procfs->get(), identify(getpid()))->record.cgroup;
}

} // namespace

class ProcessesTest : public QObject {
    Q_OBJECT

private slots:
    void aProgramIsDescribedAsItWasStarted() {
        const auto child = exec({"/bin/sleep", "1000"});
        const auto record = describe(child.pid());
        QCOMPARE(record.process, identify(child.pid()));
        QCOMPARE(record.comm, "sleep");
        QCOMPARE(record.exe, QFileInfo("/bin/sleep").canonicalFilePath().toStdString());
        QCOMPARE(record.command_line, (std::vector<std::string>{"/bin/sleep", "1000"}));
        QCOMPARE(record.uid, geteuid());
        QCOMPARE(record.parent_pid, static_cast<std::uint32_t>(getpid()));
        QCOMPARE(record.cgroup, own_cgroup());
    }

    void anOddNameComesThrough() {
        const auto child = after([] { prctl(PR_SET_NAME, "a) S 1\n\\n\xff("); });
        QCOMPARE(describe(child.pid()).comm, "a) S 1\\x0a\\n\\xff(");
    }

    void aDeletedProgramKeepsItsPath() {
        QTemporaryDir dir;
        const auto path = dir.filePath("program");
        QVERIFY(QFile::copy("/bin/sleep", path));
        const auto child = exec({path.toStdString(), "1000"});
        QVERIFY(QFile::remove(path));
        QCOMPARE(describe(child.pid()).exe, path.toStdString());
    }

    void aKernelThreadHasNoProgram() {
        const auto source = make_processes_source();
        SourceStatus status;
        const auto reading = meet(*source, {identify(2)}, &status);
        if (reading.described.empty() || reading.described[0].comm != "kthreadd") {
            QSKIP("needs the initial pid namespace: pid 2 is not kthreadd");
        }
        QCOMPARE(reading.described[0].exe, "");
        QCOMPARE(reading.described[0].command_line.size(), 0u);
        QCOMPARE(status.accuracy, Accuracy::Exact);
    }

    void theParentIsTheRealOneUnderATracer() {
        const auto child = after([] {});
        const auto tracer =
            after([&] { checked(ptrace(PTRACE_SEIZE, child.pid(), nullptr, nullptr), "ptrace"); });
        QCOMPARE(describe(child.pid()).parent_pid, static_cast<std::uint32_t>(getpid()));
    }

    void execAndExitAreSeenOnce() {
        auto go = make_pipe();
        Child child([&] {
            char start = 0;
            checked(read(go.read_end.get(), &start, 1), "read");
            execl("/bin/sleep", "sleep", "1000", nullptr);
            _exit(127);
        });
        const auto id = identify(child.pid());
        const auto source = make_processes_source();
        const auto before = meet(*source, {id});
        QCOMPARE(before.described.size(), 1u);
        checked(write(go.write_end.get(), "x", 1), "write");
        ProcessesReading after_exec;
        while (after_exec.described.empty()) { // the child execs in its own time
            after_exec = meet(*source, {id});
            QVERIFY(after_exec.exited.empty());
        }
        QCOMPARE(after_exec.described.front().comm, "sleep");
        QCOMPARE(after_exec.described.front().process, id);
        QVERIFY(meet(*source, {id}).described.empty());
        child.kill();
        QCOMPARE(meet(*source, {}).exited, std::vector{id});
        QVERIFY(meet(*source, {}).exited.empty());
    }

    void aZombieHasExited() {
        Child child([] {});
        siginfo_t info{};
        const auto id = identify(child.pid());
        const auto source = make_processes_source();
        meet(*source, {id});
        checked(waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), "waitid");
        QCOMPARE(meet(*source, {}).exited, std::vector{id});
    }

    void aReusedPidNeverGetsTheNameOfAnother() {
        SOCKLEDGER_NEEDS("netns");
        Child placeholder([] { pause(); }); // reserves a pid and gives it back
        const pid_t pid = placeholder.pid();
        placeholder.kill();
        const auto source = make_processes_source();
        std::vector<ProcessId> previous;
        for (const char* comm : {"first", "second", "third"}) {
            const auto child = fork_as(pid, comm);
            QVERIFY(child);
            const auto id = identify(*child);
            QTRY_COMPARE(QString::fromStdString(describe(*child).comm), QString(comm));
            const auto reading = meet(*source, {id});
            end(*child);
            QCOMPARE(reading.described.size(), 1u);
            QCOMPARE(reading.described.front().comm, comm);
            QCOMPARE(reading.described.front().process, id);
            QCOMPARE(reading.exited, previous);
            // Sockets of the one before are still listed, but its name is not that of the new one.
            for (const auto& gone : previous) {
                QVERIFY(meet(*make_processes_source(), {gone}).described.empty());
            }
            previous = {id};
            wait_for_the_next_tick(id.start_ticks);
        }
    }

    void whoeverVanishesIsNobodyOrHimself() {
        const auto source = make_processes_source();
        for (int i = 0; i < 200; ++i) {
            const auto name = "vanish" + std::to_string(i);
            auto pipe = make_pipe();
            Child child([&] {
                prctl(PR_SET_NAME, name.c_str());
                checked(write(pipe.write_end.get(), "", 1), "write");
                for (int spin = 0; spin < i; ++spin) {
                    getppid(); // some time, another one for each
                }
            });
            char done = 0;
            checked(::read(pipe.read_end.get(), &done, 1), "read");
            const auto id = identify(child.pid()); // it ends while this and the next line run
            for (const auto& record : meet(*source, {id}).described) {
                QCOMPARE(record.comm, name);
                QCOMPARE(record.process, id);
            }
            child.wait();
        }
        meet(*source, {});
        QCOMPARE(static_cast<ProcessesSource&>(*source).size(), 0u);
    }

    void anOrdinaryUserIsToldWhatHeMayNotSee() {
        SOCKLEDGER_NEEDS("netns");
        const auto roots = exec({"/bin/sleep", "1000"});
        const auto id = identify(roots.pid());
        const auto [code, said] = Child::ask([&](Child::Say say) {
            checked(setgid(65534), "setgid");
            checked(setuid(65534), "setuid");
            const auto source = make_processes_source();
            SourceStatus status;
            const auto reading = meet(*source, {id}, &status);
            say(reading.described.at(0).comm + "|" + reading.described.at(0).exe + "|" +
                std::string(to_string(status.accuracy)) + "|" + status.detail);
        });
        QCOMPARE(code, 0);
        QVERIFY2(said.starts_with("sleep||partial|"), said.c_str());
        QVERIFY2(said.find("1 process may not be seen without CAP_SYS_PTRACE") != std::string::npos,
                 said.c_str());
    }

    void aGroupIsFoundByItsIdWhileItLives() {
        const auto mount = cgroup2_mount();
        if (!mount) {
            QSKIP(("needs cgroup2: " + mount.error().message).c_str());
        }
        const auto path = *mount + "/sockledger-test-" + std::to_string(getpid());
        if (mkdir(path.c_str(), 0755) != 0) {
            QSKIP("needs a cgroup2 tree that this user may write");
        }
        struct stat info {};
        QCOMPARE(stat(path.c_str(), &info), 0);
        const auto root = describe_root(*mount);
        CgroupPaths cgroups;
        const auto found = cgroups.path(info.st_ino);
        KernelIdentity identity; // of a process that is gone: only its group's number is left
        identity.process = {UINT32_MAX, 1};
        identity.cgroup_id = info.st_ino;
        Readings readings;
        readings.traffic.identities.push_back(identity);
        make_processes_source()->read(readings);
        QCOMPARE(rmdir(path.c_str()), 0);
        QCOMPARE(found, path.substr(mount->size()));
        QCOMPARE(readings.processes.described.at(0).cgroup, found);
        QCOMPARE(cgroups.path(root), "/");
        QCOMPARE(CgroupPaths().path(info.st_ino), "");
    }

private:
    static std::uint64_t describe_root(const std::string& mount) {
        struct stat info {};
        return stat(mount.c_str(), &info) == 0 ? info.st_ino : 0;
    }

    // Two processes of one pid that start in the same tick have the same ProcessId.
    static void wait_for_the_next_tick(std::uint64_t tick) {
        std::uint64_t now = tick;
        while (now <= tick) {
            Child probe([] { pause(); });
            now = identify(probe.pid()).start_ticks;
        }
    }
};

QTEST_GUILESS_MAIN(ProcessesTest)
#include "processes_test.moc"
