// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/derived.hpp>
#include "service/selection.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>

using namespace sockledger;

namespace {

QStringList names(const std::vector<const App*>& rows) {
    QStringList list;
    for (const App* row : rows)
        list << QString::fromStdString(row->id);
    return list;
}

std::vector<std::uint32_t> pids(const std::vector<const Process*>& rows) {
    std::vector<std::uint32_t> list;
    for (const Process* row : rows)
        list.push_back(row->id.pid);
    return list;
}

std::vector<std::uint64_t> cookies(const std::vector<const Connection*>& rows) {
    std::vector<std::uint64_t> list;
    for (const Connection* row : rows)
        list.push_back(row->id.cookie);
    return list;
}

using Pids = std::vector<std::uint32_t>;
using Cookies = std::vector<std::uint64_t>;

} // namespace

class SelectionTest : public QObject {
    Q_OBJECT

    const Snapshot machine = sample::snapshot();
    Selection selection;

private slots:
    void init() { selection = {}; }

    void rowsThatMovedNothingAreLeftOutUnlessAsked() {
        QVERIFY(!names(select_apps(machine, selection)).contains("unit:idle.service"));
        selection.app = "idle";
        QCOMPARE(names(select_apps(machine, selection)), QStringList("unit:idle.service"));
        selection = {};
        selection.all = true;
        QVERIFY(names(select_apps(machine, selection)).contains("unit:idle.service"));
    }

    void anAppIsFoundByNameAndIdInAnyCase() {
        for (const char* word : {"firefox", "FIREFOX", "mozilla", "desktop:org.mozilla.firefox"}) {
            selection.app = word;
            QCOMPARE(names(select_apps(machine, selection)), QStringList("desktop:org.mozilla.firefox"));
            QCOMPARE(pids(select_processes(machine, selection)), (Pids{2001, 2044}));
            QCOMPARE(cookies(select_connections(machine, selection)), (Cookies{11, 12}));
        }
    }

    void aPidSelectsItsAppItsProcessAndItsConnections() {
        selection.pid = 2044;
        QCOMPARE(names(select_apps(machine, selection)), QStringList("desktop:org.mozilla.firefox"));
        QCOMPARE(pids(select_processes(machine, selection)), Pids{2044});
        QCOMPARE(cookies(select_connections(machine, selection)), Cookies{12});
    }

    void aPidUsedAgainIsAnotherProcess() {
        selection.process = ProcessId{2044, 77};
        QVERIFY(select_processes(machine, selection).empty());
        QVERIFY(select_connections(machine, selection).empty());
    }

    void aPortMatchesEitherEnd() {
        selection.port = 443;
        QCOMPARE(cookies(select_connections(machine, selection)), Cookies{11});
        QCOMPARE(names(select_apps(machine, selection)), QStringList("desktop:org.mozilla.firefox"));
        QCOMPARE(pids(select_processes(machine, selection)), Pids{2001});
        selection.port = 51000;
        QCOMPARE(cookies(select_connections(machine, selection)), Cookies{11});
    }

    void aStateSelectsConnectionsAndTheirOwners() {
        selection.state = SocketState::Listen;
        QCOMPARE(cookies(select_connections(machine, selection)), Cookies{13});
        QCOMPARE(pids(select_processes(machine, selection)), Pids{812});
        selection.port = 443; // both must hold for the same connection
        QVERIFY(select_apps(machine, selection).empty());
    }

    void anInterfaceElsewhereIsLeftOutWhileItIsSilent() {
        Snapshot here = machine;
        Interface elsewhere = here.interfaces[1];
        elsewhere.id.netns = 4026532000;
        elsewhere.name = "eth7";
        here.interfaces.push_back(elsewhere);
        const auto is_shown = [&] {
            const auto rows = select_interfaces(here, selection);
            return std::ranges::find(rows, &here.interfaces.back()) != rows.end();
        };
        QVERIFY(is_shown());
        here.interfaces.back().total = sample::traffic(0, 0, 0, 0);
        QVERIFY(!is_shown());
        selection.all = true;
        QVERIFY(is_shown());
    }

    void aScopeSelectsConnectionsAndTheirOwners() {
        selection.scope = Scope::Internet;
        QCOMPARE(cookies(select_connections(machine, selection)), (Cookies{11, 15}));
        QCOMPARE(pids(select_processes(machine, selection)), Pids{2001});
        selection.scope = Scope::Loopback; // asked for by name
        QCOMPARE(cookies(select_connections(machine, selection)), Cookies{14});
        selection.scope = Scope::Lan;
        QVERIFY(select_connections(machine, selection).empty());
    }

    void aProcessThatEndedAndOnlyTalkedToThisMachineIsLeftOut() {
        Snapshot here = machine;
        Process& ended = *std::ranges::find(here.processes, sample::curl, &Process::id);
        const auto is_shown = [&] {
            const auto rows = pids(select_processes(here, selection));
            return std::ranges::find(rows, sample::curl.pid) != rows.end();
        };
        QVERIFY(!ended.alive);
        QVERIFY(is_shown());
        ended.loopback = sample::traffic(1000, 1000, 0, 0);
        ended.traffic = sample::traffic(0, 0, 0, 0);
        QVERIFY(!is_shown());
        ended.alive = true;
        QVERIFY(is_shown());
        ended.alive = false;
        selection.all = true;
        QVERIFY(is_shown());
    }

    void connectionsBelongToTheInterfaceOfTheirAddress() {
        selection.interface = "eth0";
        QCOMPARE(cookies(select_connections(machine, selection)), (Cookies{11, 12, 15}));
        selection.interface = "lo";
        QCOMPARE(cookies(select_connections(machine, selection)), Cookies{14});
        selection.interface = "nosuch0";
        QVERIFY(select_connections(machine, selection).empty());
        QVERIFY(select_apps(machine, selection).empty());
        QVERIFY(select_interfaces(machine, selection).empty());
    }

    void withoutCountsByInterfaceAnAppIsWhereItsConnectionsAre() {
        const Snapshot blind = sample::unprivileged();
        selection.interface = "eth0";
        QCOMPARE(names(select_apps(blind, selection)), QStringList("desktop:org.mozilla.firefox"));
        QCOMPARE(traffic_of(*blind.app("desktop:org.mozilla.firefox"), blind, selection).accuracy,
                 Accuracy::Unavailable); // there, but how much is not known
    }

    void anotherNamespaceWithTheSameAddressIsAnotherInterface() {
        Snapshot two = machine;
        two.connections[0].id.netns += 1;
        selection.interface = "eth0";
        QCOMPARE(cookies(select_connections(two, selection)), (Cookies{12, 15}));
    }

    void loopbackIsShownWhenAskedFor() {
        QVERIFY(!cookies(select_connections(machine, selection)).empty());
        QCOMPARE(select_interfaces(machine, selection).size(), 2u);
        selection.all = true;
        QCOMPARE(select_interfaces(machine, selection).size(), 3u);
        QCOMPARE(select_connections(machine, selection).size(), machine.connections.size());
    }

    void trafficIsOutsideLoopbackEverywhereOrOnOneInterface() {
        const App& sshd = *machine.app("unit:sshd.service");
        QCOMPARE(traffic_of(sshd, machine, selection).rx_bytes, 9'000u);
        selection.all = true;
        QCOMPARE(traffic_of(sshd, machine, selection).rx_bytes, 4'009'000u);
        QCOMPARE(*traffic_of(sshd, machine, selection).rx_rate, 401'000.0);
        selection.interface = "wg0";
        QCOMPARE(traffic_of(sshd, machine, selection).accuracy, Accuracy::Unavailable);
    }

    void halfOfARateIsNoRate() {
        Traffic known = sample::traffic(1, 1, 5, 5);
        Traffic fresh = sample::traffic(2, 2, 5, 5);
        fresh.rx_rate.reset();
        QVERIFY(!sum(known, fresh).rx_rate);
        QCOMPARE(*sum(known, fresh).tx_rate, 10.0);
        QCOMPARE(sum(known, Traffic{}), known); // nothing measured there, nothing added
    }

    void textIsSearchedInWhatARowShows_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("connections");
        QTest::newRow("remote port") << ":443" << 1;
        QTest::newRow("address") << "198.51" << 1;
        QTest::newRow("state") << "listen" << 1;
        QTest::newRow("protocol") << "udp" << 1;
        QTest::newRow("process") << "FireFox" << 2;
        QTest::newRow("pid") << "2001" << 1;
        QTest::newRow("nothing") << "no such text" << 0;
    }
    void textIsSearchedInWhatARowShows() {
        QFETCH(QString, text);
        QFETCH(int, connections);
        selection.text = text.toStdString();
        QCOMPARE(static_cast<int>(select_connections(machine, selection).size()), connections);
    }

    void statesAreReadInEverySpelling() {
        QCOMPARE(parse_state("established"), std::optional(SocketState::Established));
        QCOMPARE(parse_state("syn-sent"), std::optional(SocketState::SynSent));
        QCOMPARE(parse_state("TIME_WAIT"), std::optional(SocketState::TimeWait));
        QCOMPARE(parse_state("listening"), std::optional<SocketState>());
        QCOMPARE(parse_state(""), std::optional<SocketState>());
    }

    void aNameThatTheKernelCutIsTakenFromTheProgram() {
        QCOMPARE(process_name(*machine.process(sample::odd)), std::string("a-very-long-name"));
        // A thread's or an interpreter's name is not the start of the program's, and stays.
        QCOMPARE(process_name(*machine.process(sample::firefox_socket)), std::string("Socket Process "));
        QCOMPARE(process_name(*machine.process(sample::curl)), std::string("curl"));
    }

    void theAppsAreAsExactAsTheWorstOfThem() {
        QCOMPARE(app_accuracy(machine), Accuracy::Exact);
        QCOMPARE(app_accuracy(sample::unprivileged()), Accuracy::Partial);
        Snapshot empty;
        QCOMPARE(app_accuracy(empty), Accuracy::Unavailable);
    }
};

QTEST_GUILESS_MAIN(SelectionTest)
#include "selection_test.moc"
