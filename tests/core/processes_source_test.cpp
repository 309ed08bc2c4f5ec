// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "fake_proc.hpp"

#include "samplers/processes.hpp"

#include <QTest>

using namespace sockledger;
using sockledger::test::FakeProc;

namespace {

constexpr ProcessId curl{100, 5000};
constexpr ProcessId later{100, 6000}; // the same pid, another process

KernelIdentity identity_of(const ProcessId& process, const std::string& comm = "curl") {
    KernelIdentity identity;
    identity.process = process;
    identity.comm = comm;
    identity.exe = "/usr/bin/" + comm;
    identity.uid = 4243;
    identity.parent_pid = 9;
    return identity;
}

SocketRecord socket_of(const ProcessId& process) {
    SocketRecord socket;
    socket.process = process;
    return socket;
}

// One read with these identities and socket holders.
ProcessesReading read(ProcessesSource& source, const std::vector<KernelIdentity>& identities,
                      const std::vector<ProcessId>& holders = {}) {
    Readings readings;
    readings.traffic.identities = identities;
    for (const auto& holder : holders) {
        readings.sockets.sockets.push_back(socket_of(holder));
    }
    readings.sockets.fresh = true;
    source.read(readings);
    return readings.processes;
}

std::vector<std::string> comms(const ProcessesReading& reading) {
    std::vector<std::string> names;
    for (const auto& record : reading.described) {
        names.push_back(record.comm);
    }
    return names;
}

using Names = std::vector<std::string>;
using Ids = std::vector<ProcessId>;

} // namespace

class ProcessesSourceTest : public QObject {
    Q_OBJECT

private slots:
    void everyoneThatAnySourceMetIsDescribedOnce() {
        FakeProc proc;
        Readings readings;
        for (std::uint32_t pid = 1; pid <= 4; ++pid) {
            proc.add({pid, 50}, "p" + std::to_string(pid));
        }
        readings.traffic.identities.push_back(identity_of({1, 50}));
        readings.traffic.rows.push_back({.process = {2, 50}, .interface = {}, .counters = {}});
        readings.traffic.rows.push_back({.process = {1, 50}, .interface = {}, .counters = {}});
        readings.sockets.sockets = {socket_of({3, 50}), socket_of({}), socket_of({3, 50})};
        readings.sockets.sockets[1].owner = {4, 50};
        ProcessesSource source(proc.duplicate());
        const auto status = source.read(readings);
        QCOMPARE(comms(readings.processes), (Names{"p1", "p2", "p3", "p4"}));
        QCOMPARE(status.name, "processes");
        QCOMPARE(status.accuracy, Accuracy::Exact);

        readings.processes = {};
        source.read(readings);
        QVERIFY(readings.processes.described.empty());
        QVERIFY(readings.processes.exited.empty());
    }

    void theUserHasItsNameOrItsDigits() {
        FakeProc proc;
        proc.add(curl, "curl");
        ProcessesSource source(proc.duplicate());
        QCOMPARE(read(source, {}, {curl}).described.front().user, "4242");
        proc.add({7, 1}, "root's");
        proc.write({7, 1}, "status", "Uid:\t0\t0\t0\t0\n");
        QCOMPARE(read(source, {}, {{7, 1}}).described.front().user, "root");
    }

    void whoIsGoneIsDescribedByTheKernelsNotes() {
        FakeProc proc;
        ProcessesSource source(proc.duplicate());
        auto identity = identity_of(curl);
        identity.exited = true;
        const auto reading = read(source, {identity});
        QCOMPARE(reading.described.size(), 1u);
        const auto& record = reading.described.front();
        QCOMPARE(record.process, curl);
        QCOMPARE(record.comm, "curl");
        QCOMPARE(record.exe, "/usr/bin/curl");
        QCOMPARE(record.uid, 4243u);
        QCOMPARE(record.user, "4243");
        QCOMPARE(record.parent_pid, 9u);
        QCOMPARE(reading.exited, Ids{curl});
        QVERIFY(read(source, {identity}).exited.empty()); // its last bytes are still being read
        QVERIFY(read(source, {identity}).described.empty());
    }

    void aReusedPidNeverTakesTheNameOfAnother() {
        FakeProc proc;
        proc.add(later, "stranger");
        ProcessesSource source(proc.duplicate());
        QCOMPARE(comms(read(source, {identity_of(curl)})), Names{"curl"});
        QVERIFY(read(source, {}, {{100, 5001}}).described.empty());
        QCOMPARE(comms(read(source, {}, {later})), Names{"stranger"});
    }

    void aReusedPidIsAnExitAndANewProcess() {
        FakeProc proc;
        proc.add(curl, "curl");
        ProcessesSource source(proc.duplicate());
        read(source, {}, {curl});
        proc.add(later, "other");
        const auto reading = read(source, {}, {later});
        QCOMPARE(comms(reading), Names{"other"});
        QCOMPARE(reading.exited, Ids{curl});
        QCOMPARE(source.size(), 1u);
    }

    void aVanishedHolderOfASocketIsNobody() {
        FakeProc proc;
        ProcessesSource source(proc.duplicate());
        for (int i = 0; i < 2; ++i) {
            const auto reading = read(source, {}, {curl});
            QVERIFY(reading.described.empty());
            QVERIFY(reading.exited.empty());
        }
        read(source, {});
        QCOMPARE(source.size(), 0u);
    }

    void notesThatComeAfterTheEndStillNameIt() {
        FakeProc proc;
        ProcessesSource source(proc.duplicate());
        read(source, {}, {curl}); // too late for /proc, too early for the notes
        auto identity = identity_of(curl);
        QCOMPARE(comms(read(source, {identity}, {curl})), Names{"curl"});
        identity.exited = true;
        QCOMPARE(read(source, {identity}).exited, Ids{curl});
    }

    void anExecIsToldByTheKernel() {
        FakeProc proc;
        proc.add(curl, "sh", "/bin/sh");
        ProcessesSource source(proc.duplicate());
        auto identity = identity_of(curl, "sh");
        QCOMPARE(comms(read(source, {identity})), Names{"sh"});
        proc.add(curl, "sh", "/usr/bin/sh"); // the same name: only the count tells
        QVERIFY(read(source, {identity}).described.empty());
        identity.exec_count = 1;
        QCOMPARE(read(source, {identity}).described.front().exe, "/usr/bin/sh");
        QVERIFY(read(source, {identity}).described.empty());
    }

    void withoutTheKernelExecAndExitAreSeenInProc() {
        FakeProc proc;
        proc.add(curl, "sh", "/bin/sh");
        ProcessesSource source(proc.duplicate());
        read(source, {}, {curl});
        proc.add(curl, "curl", "/usr/bin/curl");
        QCOMPARE(read(source, {}).described.front().exe, "/usr/bin/curl");
        QVERIFY(read(source, {}).described.empty());
        proc.remove(curl);
        QCOMPARE(read(source, {}).exited, Ids{curl});
        QVERIFY(read(source, {}).exited.empty());
        QCOMPARE(source.size(), 0u);
    }

    void aZombieHasExited() {
        FakeProc proc;
        proc.add(curl, "curl");
        ProcessesSource source(proc.duplicate());
        read(source, {}, {curl});
        proc.write_stat(curl, "curl", 'Z');
        QCOMPARE(read(source, {}).exited, Ids{curl});
    }

    void whoTheKernelFollowsCostsNoLookAtProc() {
        FakeProc proc;
        proc.add(curl, "curl");
        ProcessesSource source(proc.duplicate());
        read(source, {identity_of(curl)}, {curl});
        proc.remove(curl); // were it looked at, it would have exited
        const auto reading = read(source, {identity_of(curl)}, {curl});
        QVERIFY(reading.exited.empty());
        QVERIFY(reading.described.empty());
    }

    void theExitIsToldOnceWhoeverTellsIt() {
        FakeProc proc;
        proc.add(curl, "curl");
        ProcessesSource source(proc.duplicate());
        read(source, {identity_of(curl)});
        proc.remove(curl);
        QCOMPARE(read(source, {}).exited, Ids{curl}); // the kernel's notes were lost
        auto identity = identity_of(curl);
        identity.exited = true;
        read(source, {});
        QCOMPARE(source.size(), 0u);
    }

    void theDeadAreForgotten() {
        FakeProc proc;
        ProcessesSource source(proc.duplicate());
        for (std::uint32_t pid = 1; pid <= 1000; ++pid) {
            auto identity = identity_of({pid, pid});
            read(source, {identity});
            identity.exited = true;
            QCOMPARE(read(source, {identity}).exited.size(), 1u);
        }
        read(source, {});
        QCOMPARE(source.size(), 0u);
    }

    void aKernelThreadHasNoProgram() {
        FakeProc proc;
        proc.add(curl, "kworker/0:1", "");
        proc.write_stat(curl, "kworker/0:1", 'S', true);
        auto identity = identity_of(curl);
        ProcessesSource source(proc.duplicate());
        const auto reading = read(source, {identity});
        QCOMPARE(reading.described.front().comm, "kworker/0:1");
        QCOMPARE(reading.described.front().exe, "");
    }

    void theKernelsNoteFillsInAProgramThatMayNotBeSeen() {
        FakeProc proc;
        proc.add(curl, "curl", "");
        ProcessesSource source(proc.duplicate());
        QCOMPARE(read(source, {identity_of(curl)}).described.front().exe, "/usr/bin/curl");
    }

    void withoutProcTheKernelsNotesRemain() {
        ProcessesSource source{UniqueFd()};
        Readings readings;
        readings.traffic.identities.push_back(identity_of(curl));
        const auto status = source.read(readings);
        QCOMPARE(comms(readings.processes), Names{"curl"});
        QCOMPARE(status.accuracy, Accuracy::Unavailable);
        QVERIFY(status.detail.find("/proc") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(ProcessesSourceTest)
#include "processes_source_test.moc"
