// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "dashboard.hpp"

#include "netdata/fake_netdata.hpp"
#include "support/machine.hpp"
#include "support/random_snapshot.hpp"

#include <QFile>
#include <QTest>

#include <set>

using namespace sockledger;
using namespace sockledger::netdata;
using namespace sockledger::testing;
using namespace std::chrono_literals;

namespace {

QByteArray read(const char* path) {
    QFile file(QString::fromLatin1(SOCKLEDGER_FIXTURES "/") + QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no such file");
}

} // namespace

class DashboardTest : public QObject {
    Q_OBJECT

private slots:
    void aRecordingGivesTheseLines() {
        const Settings settings;
        Dashboard dashboard(settings);
        const auto replay = open_replay(SOCKLEDGER_FIXTURES "/netdata/machine.jsonl");
        QVERIFY2(replay.has_value(), replay ? "" : replay.error().message.c_str());
        std::string lines;
        FakeNetdata netdata;
        while (const auto snapshot = (*replay)->sample()) {
            const std::string text = dashboard.show(**snapshot);
            netdata.read(text);
            lines += text + "\n";
        }
        if (qEnvironmentVariableIsSet("SOCKLEDGER_WRITE_FIXTURES")) {
            QFile file(QStringLiteral(SOCKLEDGER_FIXTURES "/netdata/machine.txt"));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(lines.data(), static_cast<qint64>(lines.size()));
        }
        const QList<QByteArray> expected = read("netdata/machine.txt").split('\n');
        const QList<QByteArray> got = QByteArray::fromStdString(lines).split('\n');
        for (qsizetype i = 0; i < std::min(expected.size(), got.size()); ++i)
            QVERIFY2(got[i] == expected[i], qPrintable(QString::number(i + 1) + ": " + got[i]));
        QCOMPARE(got.size(), expected.size());
    }

    void theBooksAddUpToTheInterface() {
        Machine machine;
        machine.now().interfaces = sample::interfaces();
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        for (int i = 1; i < 20; ++i) {
            netdata.read(dashboard.show(machine.tick()));
            Interface& wired = machine.now().interfaces[1];
            wired.apps.rx_bytes += static_cast<std::uint64_t>(1000 * i);
            wired.kernel.rx_bytes += static_cast<std::uint64_t>(100 * i);
            wired.unattributed.rx_bytes += static_cast<std::uint64_t>(10 * i);
            wired.total.rx_bytes += static_cast<std::uint64_t>(1110 * i);
            const auto& books = netdata.chart("if_eth0_books_received");
            QCOMPARE(books.growth("apps") + books.growth("kernel") + books.growth("unattributed"),
                     netdata.chart("if_eth0_traffic").growth("received"));
        }
        QCOMPARE(netdata.chart("if_eth0_books_received").growth("apps"), 18000);
        QCOMPARE(netdata.chart("if_eth0_traffic").labels.at("interface"), std::string("eth0"));
        QCOMPARE(netdata.chart("if_eth0_state").value("up"), 1);
        QCOMPARE(netdata.chart("if_wg0_state").value("up"), 0);
    }

    void withoutBooksThereIsNoChartOfThem() {
        Machine machine;
        machine.now().interfaces = sample::unprivileged().interfaces;
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        netdata.read(dashboard.show(machine.tick()));
        QVERIFY(netdata.shows("if_eth0_traffic"));
        QVERIFY(!netdata.has("if_eth0_books_received"));
    }

    void aRemainderThatIsExplainedRaisesNoAlarm() {
        Machine machine;
        machine.now().interfaces = sample::interfaces();
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        netdata.read(dashboard.show(machine.tick()));
        const auto& variables = netdata.chart("if_eth0_books_sent").variables;
        QCOMPARE(variables.at("unattributed_warn"), std::string("50"));
        machine.now().interfaces[1].unattributed_cause = UnattributedCause::Forwarded;
        netdata.read(dashboard.show(machine.tick()));
        QCOMPARE(variables.at("unattributed_warn"), std::string("0"));
    }

    void anInterfaceThatIsGoneIsObsolete() {
        Machine machine;
        machine.now().interfaces = sample::interfaces();
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        netdata.read(dashboard.show(machine.tick()));
        machine.now().interfaces.pop_back();
        netdata.read(dashboard.show(machine.tick(60s)));
        QVERIFY(!netdata.shows("if_wg0_traffic") && netdata.shows("if_eth0_traffic"));
    }

    void interfacesElsewhereAreShownByTheNameOfTheirNamespace() {
        Machine machine;
        machine.now().interfaces = sample::interfaces();
        machine.now().interfaces[1].id.netns = 4711; // nobody knows whose
        machine.now().interfaces[2].id.netns = 4712;
        machine.now().interfaces[2].netns_name = "web";
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        netdata.read(dashboard.show(machine.tick()));
        bool found = false;
        for (const auto& [id, chart] : netdata.charts())
            if (const auto label = chart.labels.find("interface"); label != chart.labels.end()) {
                QVERIFY(label->second != "eth0" && label->second != "4711/eth0");
                found = found || (label->second == "web/wg0" && chart.labels.at("netns") == "web");
            }
        QVERIFY(found);
    }

    void whatIsMissingIsSaidByAChartThatGoesWithIt() {
        Machine machine;
        SourceStatus& traffic = machine.now().sources[1];
        traffic.accuracy = Accuracy::Unavailable;
        traffic.detail = "exact traffic needs CAP_BPF: run 'sockledgerd'";
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        netdata.read(dashboard.show(machine.tick()));
        QVERIFY(netdata.chart("missing").title.find("needs CAP_BPF: run _sockledgerd_") != std::string::npos);
        QCOMPARE(netdata.chart("missing").value("missing"), 1);
        QCOMPARE(netdata.chart("accuracy").value("traffic"), 0);
        traffic.accuracy = Accuracy::Exact;
        netdata.read(dashboard.show(machine.tick(60s)));
        QVERIFY(!netdata.shows("missing"));
        QCOMPARE(netdata.chart("accuracy").value("traffic"), 3);
    }

    void whatWasLostIsCounted() {
        Machine machine;
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        netdata.read(dashboard.show(machine.tick()));
        machine.now().sources[0].lost_events = 3;
        machine.now().sources[1].lost_bytes = 1000;
        machine.now().sources[1].took = 1500us;
        netdata.read(dashboard.show(machine.tick()));
        QCOMPARE(netdata.chart("lost_events").growth("lost"), 3);
        QCOMPARE(netdata.chart("lost_traffic").growth("lost"), 1000);
        QCOMPARE(netdata.chart("sampling").value("traffic"), 1500);
    }

    void namesCannotBreakTheProtocol() {
        const std::vector<std::string> names{"it's",
                                             "\"quoted\"",
                                             "two\nlines\nSET x = 1",
                                             "END\nDISABLE",
                                             "tab\there",
                                             "back\\slash\\",
                                             std::string(200, 'n'),
                                             std::string(200, '\''),
                                             "日本語のアプリ",
                                             "Café ☕",
                                             "",
                                             " ",
                                             "'",
                                             "= 5",
                                             "# comment",
                                             "a`b`"};
        Machine machine;
        machine.now().interfaces = sample::interfaces();
        for (const std::string& name : names) {
            machine.app("exe:/" + name, name);
            machine.app("unit:" + name + ".service", name);
            Interface interface = sample::interfaces()[1];
            interface.id.ifindex = 100 + static_cast<std::uint32_t>(&name - names.data());
            interface.name = name;
            machine.now().interfaces.push_back(interface);
        }
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        for (int i = 0; i < 4; ++i) {
            for (App& app : machine.now().apps)
                app.traffic.rx_bytes += 100;
            netdata.read(dashboard.show(machine.tick()));
        }
        std::size_t traffic = 0;
        std::set<std::string> labels;
        for (const auto& [id, chart] : netdata.charts()) {
            if (chart.context != "sockledger.app_traffic")
                continue;
            ++traffic;
            labels.insert(chart.labels.at("app"));
            QCOMPARE(chart.value("received") - chart.dimensions.at("received").values.front(), 200);
        }
        QCOMPARE(traffic, 2 * names.size());
        QVERIFY(labels.contains("日本語のアプリ") && labels.contains("Café ☕") && labels.contains("it_s"));
    }

    void anySnapshotsCanBeShown() {
        const Settings settings;
        Dashboard dashboard(settings);
        FakeNetdata netdata;
        for (unsigned seed = 0; seed < 200; ++seed) {
            Snapshot snapshot = random_snapshot(seed);
            snapshot.time = {std::chrono::seconds(seed + 1), std::chrono::seconds(seed + 1)};
            netdata.read(dashboard.show(snapshot));
        }
    }

    void theNextRunFallsNowhere() {
        Machine machine;
        machine.now().interfaces = sample::interfaces();
        machine.moves("exe:/usr/bin/curl", 5'000'000'000);
        const Settings settings;
        FakeNetdata netdata;
        Dashboard first(settings);
        for (int i = 0; i < 3; ++i) {
            machine.moves("exe:/usr/bin/curl", 100);
            netdata.read(first.show(machine.tick()));
        }
        Machine again; // the daemon was started again, too: it counts from zero
        again.now().time = machine.now().time;
        again.now().interfaces = sample::interfaces();
        for (Interface& interface : again.now().interfaces)
            interface.total.rx_bytes = interface.apps.rx_bytes = 0;
        Dashboard second(settings);
        second.load(first.save());
        for (int i = 0; i < 3; ++i) {
            again.moves("exe:/usr/bin/curl", 100);
            netdata.read(second.show(again.tick()));
        }
        QCOMPARE(netdata.chart("app_exe_usr_bin_curl_traffic").growth("received"), 100);
    }
};

QTEST_GUILESS_MAIN(DashboardTest)
#include "dashboard_test.moc"
