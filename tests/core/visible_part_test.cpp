// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/selection.hpp"
#include "service/visibility.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>

using namespace sockledger;

namespace {

constexpr Visible alice{false, 1000};
constexpr Visible bob{false, 1001};

/// sshd and its sockets belong to root, one socket of alice is held by it.
Snapshot shared_machine() {
    Snapshot snapshot = sample::snapshot();
    for (Process& process : snapshot.processes)
        if (process.id == sample::sshd)
            process.uid = 0;
    for (Connection& connection : snapshot.connections)
        if (connection.owner == sample::sshd && connection.state == SocketState::Listen)
            connection.uid = 0;
    return snapshot;
}

} // namespace

class VisiblePartTest : public QObject {
    Q_OBJECT

private slots:
    void whoMaySeeAllSeesAll() { QVERIFY(visible_part(shared_machine(), {}) == shared_machine()); }

    void whatIsAboutTheMachineIsForEveryone() {
        const Snapshot all = shared_machine();
        Snapshot part = visible_part(all, bob);
        QVERIFY(part.processes.empty());
        QVERIFY(part.connections.empty());
        for (const App& app : part.apps)
            QVERIFY(app.processes.empty());
        part.processes = all.processes;
        part.connections = all.connections;
        for (std::size_t i = 0; i < part.apps.size(); ++i)
            part.apps[i].processes = all.apps[i].processes;
        QVERIFY(part == all);
    }

    void aUserSeesHisOwn() {
        const Snapshot part = visible_part(shared_machine(), alice);
        QCOMPARE(part.processes.size(), 4u);
        QVERIFY(!part.process(sample::sshd));
        QVERIFY(part.app("unit:sshd.service")->processes.empty());
        QCOMPARE(part.app("desktop:org.mozilla.firefox")->processes.size(), 2u);
        QCOMPARE(part.connections.size(), 4u);
    }

    void aSocketIsOfWhoMadeItAndOfWhoHoldsIt() {
        const Snapshot all = shared_machine();
        const Connection& passed = all.connections[3]; // made by alice, held by root's sshd
        QVERIFY(may_see(passed, all, alice));
        QVERIFY(may_see(passed, all, {false, 0}));
        QVERIFY(!may_see(passed, all, bob));
    }

    void aSocketWithoutAKnownOwnerIsOfWhoMadeIt() {
        const Snapshot all = shared_machine();
        const Connection& orphan = all.connections[4];
        QVERIFY(may_see(orphan, all, alice));
        QVERIFY(!may_see(orphan, all, {false, 0}));
    }

    void aFilterDoesNotFindAppsByTheSocketsOfOthers() {
        Selection listening;
        listening.port = 22;
        QCOMPARE(select_apps(visible_part(shared_machine(), {}), listening).size(), 1u);
        const Snapshot part = visible_part(shared_machine(), alice);
        QCOMPARE(select_apps(part, listening).size(), 0u);
    }
};

QTEST_GUILESS_MAIN(VisiblePartTest)
#include "visible_part_test.moc"
