// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "commands.hpp"
#include "engine/address_text.hpp"
#include "kernel/inet_values.hpp"
#include "summary.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>
#include <boost/json/parse.hpp>
#include <clocale>
#include <limits>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;

namespace {

constexpr int unlimited = std::numeric_limits<int>::max();
const Format format{{}, &glyphs(true)};

Endpoint at(const char* address, std::uint16_t port) {
    Endpoint endpoint = parse_address(address).value();
    endpoint.port = port;
    return endpoint;
}

/// Names without a name server.
class FakeNames : public HostNames {
public:
    std::string name(const Endpoint& address) override {
        return address_text(address) == "198.51.100.7" ? "www.example.org" : std::string();
    }
    void process() override {}
    int wake_fd() const override { return -1; }
    std::size_t in_flight() const override { return 0; }
};

QString report(const Options& options, Snapshot snapshot, const Format& how = format) {
    TableModel model =
        options.top ? TableModel(view_of(options), *options.top) : TableModel(view_of(options));
    return QString::fromStdString(
        report_text(options, how, std::make_shared<const Snapshot>(std::move(snapshot)), model, unlimited));
}

QString cell(const Connection& connection, std::string_view column, const Snapshot& snapshot) {
    const Selection everything;
    const Listeners listeners(snapshot);
    return QString::fromStdString(
        to_text(find_column(View::Connections, column)->cell(&connection, {snapshot, everything, listeners}),
                format));
}

Options connections() {
    Options options;
    options.command = Command::Connections;
    return options;
}

Snapshot snapshot_with_cause(UnattributedCause cause) {
    Snapshot made = sample::snapshot();
    made.interfaces[1].unattributed = sample::traffic(500, 500, 0, 0);
    made.interfaces[1].unattributed_cause = cause;
    return made;
}

} // namespace

class CliConnectionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }

    void aMappedAddressIsShownAsIPv4() {
        const std::uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};
        QCOMPARE(peer_text(endpoint_of(AF_INET6, mapped, 443), nullptr), "192.0.2.7:443");
    }

    void aConnectionSaysServiceScopeAndAge() {
        Snapshot machine = sample::snapshot();
        machine.connections[0].age = 125s;
        const Connection& outward = machine.connections[0];
        QCOMPARE(cell(outward, "remote", machine), "198.51.100.7:443");
        QCOMPARE(cell(outward, "scope", machine), "internet");
        QCOMPARE(cell(outward, "age", machine), "2 min");
        QCOMPARE(cell(machine.connections[2], "remote", machine), "*");
        QCOMPARE(cell(machine.connections[2], "scope", machine), "");
    }

    void theServiceIsThatOfTheSideThatListens() {
        if (service_name(Protocol::Tcp, 22).empty())
            QSKIP("there is no services database");
        Snapshot machine = sample::snapshot();
        Connection inward = machine.connections[0];
        inward.local.port = 22; // where sshd listens
        inward.remote.port = 443;
        QCOMPARE(cell(inward, "service", machine), "ssh");
        QCOMPARE(cell(machine.connections[2], "service", machine), "ssh");
        QCOMPARE(cell(machine.connections[0], "service", machine), "https");
    }

    void whatIsInTheTableIsCountedBelow() {
        Snapshot machine = sample::snapshot();
        QVERIFY(report(connections(), machine)
                    .contains("4 sockets: 3 tcp (1 ESTABLISHED, 1 TIME_WAIT, 1 LISTEN), 1 udp"));
        Options options = connections();
        options.selection.state = SocketState::Listen;
        QVERIFY(report(options, machine).contains("1 socket: 1 tcp (1 LISTEN)"));
    }

    void appsAndProcessesCountTheirSockets() {
        Snapshot machine = sample::snapshot();
        machine.apps[0].connections.tcp_states[static_cast<std::size_t>(SocketState::CloseWait)] = 2;
        Options options;
        options.command = Command::Apps;
        const QString text = report(options, machine);
        for (const char* title : {"conn", "tcp", "udp", "estab", "listen", "other states", "2 CLOSE_WAIT"})
            QVERIFY2(text.contains(title), title);
    }

    void aNameStandsInForTheAddress() {
        FakeNames names;
        const Format by_name{{}, &glyphs(true), &names};
        const QString text = report(connections(), sample::snapshot(), by_name);
        QVERIFY(text.contains("www.example.org:443"));
        QVERIFY(!text.contains("198.51.100.7"));
        QVERIFY(text.contains("203.0.113.9:80"));
        QVERIFY(!report(connections(), sample::snapshot()).contains("example"));
    }

    void topShowsTheBusiestRemotesOfEachApp() {
        Snapshot machine = sample::snapshot();
        Connection quiet = machine.connections[0];
        quiet.id.cookie = 99;
        quiet.remote = at("203.0.113.50", 443);
        quiet.traffic = sample::traffic(1, 1, 0, 0);
        machine.connections.push_back(quiet);
        Options options = connections();
        options.top = 1;
        QString text = report(options, machine);
        QVERIFY(text.contains("198.51.100.7:443"));
        QVERIFY(!text.contains("203.0.113.50"));
        QVERIFY(text.contains("203.0.113.9:80")); // of another app: nobody
        options.top = 2;
        QVERIFY(report(options, machine).contains("203.0.113.50"));
        options.selection.scope = Scope::Lan;
        QVERIFY(report(options, machine).contains("nothing to show"));
    }

    void remotesHaveTheirJson() {
        FakeNames names;
        const Format by_name{{}, &glyphs(true), &names};
        Options options = connections();
        options.top = 5;
        options.json = true;
        const auto document = boost::json::parse(report(options, sample::snapshot(), by_name).toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.remotes");
        const auto& remote = document.at("remotes").as_array().at(0);
        QCOMPARE(remote.at("app").as_string(), "desktop:org.mozilla.firefox");
        QCOMPARE(remote.at("address").as_string(), "198.51.100.7");
        QCOMPARE(remote.at("port").as_int64(), 443);
        QVERIFY(remote.at("own_port").is_null());
        QCOMPARE(remote.at("host").as_string(), "www.example.org");
        QCOMPARE(remote.at("scope").as_string(), "internet");
        QCOMPARE(remote.at("connections").as_int64(), 1);
        QCOMPARE(remote.at("traffic").at("rx_bytes").as_int64(), 900'000);
        QVERIFY(document.at("remotes").as_array().at(1).at("host").is_null());
    }

    void signsAreExplainedWhereTheyAreSeen() {
        Options options;
        options.command = Command::Apps;
        QVERIFY(!report(options, sample::snapshot()).contains("at least"));
        QVERIFY(report(options, sample::unprivileged()).contains("≥ at least: not every packet is counted"));
        Snapshot shared = sample::snapshot();
        shared.apps[0].traffic.accuracy = Accuracy::Estimated;
        const QString text = report(options, shared);
        QVERIFY(text.contains("~1.00 GB"));
        QVERIFY(text.contains("~ estimated: shared out by connections"));
        QVERIFY(!text.contains("at least"));
        QVERIFY(text.contains("· ~ estimates"));
        shared.apps[1].traffic.accuracy = Accuracy::Partial;
        QVERIFY(report(options, shared).contains("· ≥ lower bounds, ~ estimates"));
    }

    void whatRemainsIsExplained() {
        Options options;
        options.command = Command::Interfaces;
        QVERIFY(!report(options, sample::snapshot()).contains("unattributed is"));
        const QString text = report(options, snapshot_with_cause(UnattributedCause::Forwarded));
        QVERIFY(text.contains("eth0: unattributed is forwarded, for containers, guests or other hosts"));
        Snapshot blind = snapshot_with_cause(UnattributedCause::NotCounted);
        blind.interfaces[1].unattributed = {};
        QVERIFY(report(options, blind).contains("packets are not counted here; run sockledgerd, or"));
    }

    void anInterfaceElsewhereSaysWhere() {
        Snapshot machine = sample::snapshot();
        QCOMPARE(interface_name(machine.interfaces[1], machine), "eth0");
        machine.interfaces[1].id.netns = 4026532000;
        QCOMPARE(interface_name(machine.interfaces[1], machine), "eth0@4026532000");
        machine.interfaces[1].netns_name = "web";
        QCOMPARE(interface_name(machine.interfaces[1], machine), "eth0@web");
    }

    void agesAreShort_data() {
        QTest::addColumn<int>("age");
        QTest::newRow("0 s") << 0;
        QTest::newRow("59 s") << 59;
        QTest::newRow("1 min") << 60;
        QTest::newRow("59 min") << 3599;
        QTest::newRow("1 h") << 3600;
        QTest::newRow("23 h") << 86399;
        QTest::newRow("400 d") << 400 * 86400 + 5;
    }
    void agesAreShort() {
        QFETCH(int, age);
        QCOMPARE(QString::fromStdString(format_age(std::chrono::seconds(age))), QTest::currentDataTag());
    }
};

QTEST_GUILESS_MAIN(CliConnectionsTest)
#include "cli_connections_test.moc"
