// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon_scene.hpp"
#include "support/require.hpp"
#include "support/scenario.hpp"

#include <QRandomGenerator>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <poll.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

using Arguments = std::vector<std::string>;

std::optional<Alert> next_alert(DaemonClient& client) {
    for (;;) {
        if (auto alert = value(client.next_alert()))
            return alert;
        pollfd waiting{client.alerts_fd(), POLLIN, 0};
        if (poll(&waiting, 1, 20'000) <= 0)
            return std::nullopt;
    }
}

} // namespace

/// The real daemon, with real traffic, as its clients see it.
class DaemonTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns", "bpf"); }

    void historyIsWhatTheDeviceCounted() {
        const Scene scene;
        auto daemon = scene.daemon();
        scene.send("upload", 3'000'000);
        scene.send("backup", 2'000'000);
        for (const char* name :
             {"udp unconnected over IPv4", "tcp ping-pong over IPv6", "ping by a ping socket over IPv4"}) {
            const auto scenarios = all_scenarios();
            const auto scenario = std::ranges::find(scenarios, std::string(name), &Scenario::name);
            QVERIFY(scenario != scenarios.end());
            ScenarioRun run(*scenario, scene.link.left(), scene.link.right());
            run.play();
            run.leave();
        }
        QVERIFY(scene.link.wait_until_quiet());
        for (const auto bucket :
             {UsageBucket::Unit::Whole, UsageBucket::Unit::Seconds, UsageBucket::Unit::Hour,
              UsageBucket::Unit::Day, UsageBucket::Unit::Month}) {
            auto apps = by_app(daemon->client(), scene.device(), bucket);
            QCOMPARE(apps[""], scene.moved());
            QVERIFY(apps[scene.app("upload")].tx > 3'000'000 && apps[scene.app("upload")].tx < 3'300'000);
            QVERIFY(apps[scene.app("backup")].tx > 2'000'000 && apps[scene.app("backup")].tx < 2'200'000);
        }
        // The same from the file, by the next daemon.
        QCOMPARE(daemon->stop(), 0);
        daemon = scene.daemon();
        QCOMPARE(by_app(daemon->client(), scene.device())[""], scene.moved());
    }

    /// Programs that take turns, so that the device says what each of them has moved.
    void usageIsWhatTheProgramsMoved() {
        const Scene scene;
        auto daemon = scene.daemon();
        const auto scenarios = all_scenarios();
        std::map<std::string, Amount> moved, closing, payload;
        for (std::size_t turn = 0; turn < 12; ++turn) {
            const char* name = std::array{"browser", "sync", "game", "mail"}[turn % 4];
            const char* kind = std::array{"tcp bulk over IPv4",
                                          "tcp ping-pong over IPv6",
                                          "udp unconnected over IPv4",
                                          "sendfile over IPv6",
                                          "udp in fragments over IPv4",
                                          "eight threads over IPv4",
                                          "UDP_SEGMENT and UDP_GRO over IPv6"}[turn % 7];
            Scenario scenario = *std::ranges::find(scenarios, std::string(kind), &Scenario::name);
            scenario.program = scene.path(name);
            if (!QFile::exists(QString::fromStdString(scenario.program)))
                copy_traffic_peer(scenario.program);
            Capture capture(scene.link.left());
            const DeviceCounters before = scene.link.left().counters();
            ScenarioRun run(scenario, scene.link.left(), scene.link.right());
            run.play();
            run.leave();
            QVERIFY(scene.link.wait_until_quiet());
            const Amount step = amount(scene.link.left().counters() - before);
            moved[scene.app(name)] += step;
            moved[""] += step;
            closing[scene.app(name)] += closing_packets(capture.tally());
            payload[scene.app(name)] +=
                {std::int64_t(run.client_report().rx), std::int64_t(run.client_report().tx)};
        }
        auto apps = by_app(daemon->client(), scene.device());
        QCOMPARE(apps[""], moved[""]);
        for (const auto& [app, amount] : payload) {
            QVERIFY2(is_all_of(apps[app], moved[app], closing[app]),
                     (app + ": " + text(apps[app]) + " of " + text(moved[app])).c_str());
            QVERIFY(apps[app].tx > amount.tx && apps[app].rx > amount.rx);
        }
    }

    /// What a kill may lose is what is not in the file yet.
    void whatIsTenSecondsOldIsInTheFile() {
        const Scene scene;
        const auto daemon = scene.daemon();
        scene.send("upload", 300'000);
        const auto stored = [&] {
            const SQLite::Database file(daemon->state() + "/history.db", SQLite::OPEN_READONLY);
            SQLite::Statement sum(file,
                                  "SELECT sum(rx_bytes), sum(tx_bytes) FROM usage WHERE step = 'minute' "
                                  "AND app = ? AND interface = ?");
            sum.bind(1, scene.app("upload"));
            sum.bind(2, scene.device());
            sum.executeStep();
            return Amount{sum.getColumn(0).getInt64(), sum.getColumn(1).getInt64()};
        };
        QTRY_COMPARE_WITH_TIMEOUT(stored(), scene.moved(), 10'000);
    }

    void aHundredKillsLoseNoTotal() {
        const Scene scene;
        auto daemon = scene.daemon();
        scene.send("upload", 700'000);
        daemon->kill();
        scene.send("upload", 300'000); // nobody sees this

        std::optional<Peer> server, client; // at work all the while
        server.emplace(scene.right, Arguments{"many", "server", "local=" + scene.link.right().ipv4,
                                              "count=100000", "ports=4"});
        server->ready();
        client.emplace(scene.left,
                       Arguments{"many", "client", "peer=" + scene.link.right().ipv4,
                                 "local=" + scene.link.left().ipv4, "count=100000", "ports=4", "rate=1000"});
        client->ready();
        server->go();
        client->go();
        QRandomGenerator random(1);
        for (int life = 0; life < 100; ++life) {
            daemon = scene.daemon();
            QTest::qSleep(random.bounded(150));
            daemon->kill();
        }
        client.reset();
        server.reset();
        daemon = scene.daemon();
        QVERIFY(scene.link.wait_until_quiet());
        auto apps = by_app(daemon->client(), scene.device());
        QCOMPARE(apps[""], scene.moved());
        std::int64_t in_gaps = 0;
        for (const UsageGap& gap : value(daemon->client().usage(everything(UsageGroup::Interface))).gaps) {
            QCOMPARE(gap.interface, scene.device());
            in_gaps += gap.tx_bytes;
        }
        QVERIFY2(in_gaps >= 300'000, std::to_string(in_gaps).c_str());
    }

    void aFileThatComesLateLosesNoTotal() {
        const Scene scene;
        auto daemon = scene.daemon();
        Rule rule;
        rule.id = "kept";
        rule.threshold = 1'000'000'000;
        done(daemon->client().set_rule(rule));
        scene.send("upload", 300'000);
        QCOMPARE(daemon->stop(), 0);
        scene.send("upload", 200'000); // nobody sees this
        const std::filesystem::path file = daemon->state() + "/history.db", away = scene.path("away");
        std::filesystem::rename(file, away);
        std::filesystem::create_directory(file);

        daemon = scene.daemon();
        scene.send("upload", 100'000);
        QVERIFY(!value(daemon->client().status()).history.recording);
        std::filesystem::remove(file);
        std::filesystem::rename(away, file);
        QTRY_VERIFY_WITH_TIMEOUT(value(daemon->client().status()).history.recording, 20'000);
        QTRY_COMPARE(by_app(daemon->client(), scene.device())[""], scene.moved());
        QCOMPARE(value(daemon->client().rules()).size(), std::size_t(1));
        QVERIFY2(daemon->said().find("history.db") != std::string::npos, daemon->said().c_str());
    }

    void readingTheConfigurationAgainLosesNothing() {
        const Scene scene;
        auto daemon = scene.daemon();
        scene.send("upload", 500'000);
        scene.configure("[history]\nminutes = \"3d\"\n");
        daemon->signal(SIGHUP);
        scene.send("upload", 500'000);
        scene.configure("[history]\nminutes = 3\n");
        daemon->signal(SIGHUP);
        scene.send("upload", 500'000);
        auto apps = by_app(daemon->client(), scene.device());
        QCOMPARE(apps[""], scene.moved());
        QCOMPARE(apps[scene.app("upload")], scene.moved());
        QVERIFY2(daemon->said().find("sockledgerd.toml:2") != std::string::npos, daemon->said().c_str());
    }

    void theChoiceOfInterfacesSurvives() {
        const Scene scene;
        const VethPair second(scene.left, scene.right, 1);
        auto daemon = scene.daemon();
        done(daemon->client().set_monitored_interfaces({second.left().device}));
        const auto monitored = [&] {
            std::string found;
            for (const KnownInterface& interface : value(daemon->client().interfaces()))
                if (interface.monitored &&
                    interface.name.find('/') == std::string::npos) // of no other namespace
                    found += interface.name + " ";
            return found;
        };
        const std::string expected = second.left().device + " ";
        QCOMPARE(monitored(), expected);
        scene.send("upload", 100'000);
        QCOMPARE(by_app(daemon->client(), scene.device())[""], Amount{});
        QCOMPARE(daemon->stop(), 0);
        daemon = scene.daemon();
        QCOMPARE(monitored(), expected);
        done(daemon->client().set_monitored_interfaces({}));
        QCOMPARE(monitored(), scene.device() + " " + second.left().device + " ");
    }

    void anInterfaceThatIsGoneKeepsItsHistory() {
        const Scene scene;
        auto daemon = scene.daemon();
        scene.send("upload", 100'000);
        const Amount moved = scene.moved();
        (void)by_app(daemon->client(), scene.device()); // all of it has been seen
        scene.left.ip({"link", "delete", scene.device()});
        const auto listed = [&] {
            const auto interfaces = value(daemon->client().interfaces());
            const auto found = std::ranges::find(interfaces, scene.device(), &KnownInterface::name);
            return found == interfaces.end() ? std::nullopt : std::optional(found->present);
        };
        QTRY_COMPARE(listed(), std::optional(false));
        QCOMPARE(by_app(daemon->client(), scene.device())[""], moved);
    }

    void rulesRaiseAlertsAndClearThem() {
        const Scene scene;
        scene.configure("[[rule]]\nid = \"from-file\"\ntotal = true\namount = \"500kB\"\nper = \"day\"\n"
                        "command = [\"/usr/bin/env\"]\n");
        auto daemon = scene.daemon();
        Rule rule;
        rule.id = "fast";
        rule.subject = Rule::Subject::App;
        rule.target = scene.app("upload");
        rule.threshold = 1000;
        rule.seconds = 1;
        done(daemon->client().set_rule(rule));
        QCOMPARE(value(daemon->client().rules()).size(), std::size_t(2));
        const auto removed = daemon->client().remove_rule("from-file");
        QVERIFY(!removed && removed.error().message.find("configuration") != std::string::npos);
        auto watcher = value(DaemonClient::connect(daemon->socket()));
        done(watcher->subscribe_alerts());

        // At a steady pace for some seconds: a rate must last.
        Peer server(scene.right, {"many", "server", "local=" + scene.link.right().ipv4, "count=400"});
        server.ready();
        copy_traffic_peer(scene.path("upload"));
        Peer client(scene.left, scene.path("upload"),
                    {"many", "client", "peer=" + scene.link.right().ipv4, "local=" + scene.link.left().ipv4,
                     "count=400", "rate=100"});
        client.ready();
        server.go();
        client.go();
        auto raised = next_alert(*watcher);
        QVERIFY(raised && raised->active);
        QCOMPARE(raised->rule, std::string("fast"));
        client.finished();
        server.finished();
        leave_together({&client, &server});
        const auto cleared = next_alert(*watcher);
        QVERIFY(cleared && !cleared->active);
        QCOMPARE(cleared->number, raised->number);

        scene.send("backup", 600'000);
        raised = next_alert(*watcher);
        QVERIFY(raised && raised->active);
        QCOMPARE(raised->rule, std::string("from-file"));
        QTRY_VERIFY2(daemon->said().find("SOCKLEDGER_RULE=from-file\n") != std::string::npos,
                     daemon->said().c_str());
        QCOMPARE(daemon->stop(), 0);
        daemon = scene.daemon();
        const auto alerts = value(daemon->client().alerts(0s));
        QCOMPARE(alerts.size(), std::size_t(2));
        QVERIFY(!alerts[0].active && alerts[1].active);
    }

    void withoutPacketCountsTheTotalsStayExact() {
        const Scene scene;
        auto daemon = scene.daemon({"--no-exact"});
        scene.send("upload", 500'000);
        auto apps = by_app(daemon->client(), scene.device());
        QCOMPARE(apps[""], scene.moved());
        QCOMPARE(apps[std::string(unattributed_app)], scene.moved());
        const auto sources = value(daemon->client().status()).sources;
        const auto traffic = std::ranges::find(sources, "traffic", &SourceStatus::name);
        QVERIFY(traffic != sources.end() && traffic->accuracy == Accuracy::Unavailable);
    }

    void aSecondDaemonIsRefused() {
        const Scene scene;
        auto daemon = scene.daemon();
        const auto refusal = [&]() -> std::string {
            try {
                const DaemonProcess second(scene.left, scene.path());
                return {};
            } catch (const std::exception& error) {
                return error.what();
            }
        };
        const std::string said = refusal();
        QVERIFY2(said.find("io.sockledger") != std::string::npos, said.c_str());
        QVERIFY(value(daemon->client().status()).history.recording);
    }
};

QTEST_GUILESS_MAIN(DaemonTest)
#include "daemon_test.moc"
