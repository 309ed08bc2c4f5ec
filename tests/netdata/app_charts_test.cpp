// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "dashboard.hpp"

#include "netdata/fake_netdata.hpp"
#include "support/machine.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::netdata;
using namespace sockledger::testing;
using namespace std::chrono_literals;

namespace {

constexpr char curl[] = "exe:/usr/bin/curl";
constexpr char curl_traffic[] = "app_exe_usr_bin_curl_traffic";

/// A machine, the plugin's charts of it, and a Netdata that refuses what it would not put up with.
struct Scene {
    Settings settings;
    Machine machine;
    std::unique_ptr<Dashboard> dashboard;
    FakeNetdata netdata;

    void tick(std::chrono::seconds time = 1s) {
        if (!dashboard)
            dashboard = std::make_unique<Dashboard>(settings);
        netdata.read(dashboard->show(machine.tick(time)));
    }
    std::int64_t growth(const char* chart, const char* dimension) const {
        return netdata.chart(chart).growth(dimension);
    }
};

} // namespace

class AppChartsTest : public QObject {
    Q_OBJECT

private slots:
    void whatAnApplicationMovesIsInItsChart() {
        Scene scene;
        scene.machine.moves(curl, 1'000'000); // before we looked
        scene.tick();
        scene.machine.moves(curl, 5000, 70);
        scene.tick();
        scene.tick();
        QCOMPARE(scene.growth(curl_traffic, "received"), 5000);
        QCOMPARE(scene.growth(curl_traffic, "sent"), 70);
        scene.tick();
        QCOMPARE(scene.growth(curl_traffic, "received"), 0);
        const auto& chart = scene.netdata.chart(curl_traffic);
        QCOMPARE(chart.context, std::string("sockledger.app_traffic"));
        QCOMPARE(chart.labels.at("app"), std::string("curl"));
        QCOMPARE(chart.labels.at("app_id"), std::string(curl));
        QCOMPARE(chart.labels.at("accuracy"), std::string("exact"));
        QCOMPARE(chart.dimensions.at("sent").multiplier, -8);
    }

    void theFirstBytesOfANewApplicationAreNotLost() {
        Scene scene;
        scene.tick();
        scene.machine.moves(curl, 4000); // comes, moves and goes within one sample
        scene.tick();
        scene.tick();
        QCOMPARE(scene.growth(curl_traffic, "received"), 4000);
        QCOMPARE(scene.growth("apps_received", "exe_usr_bin_curl") + scene.growth("apps_received", "other"),
                 4000);
    }

    void theOverviewAddsUpToAllApplications() {
        Scene scene;
        scene.settings.overview_applications = 3;
        std::uint64_t moved = 0;
        scene.tick();
        for (int second = 0; second < 600; ++second) {
            for (int i = 0; i < 6; ++i) {
                const std::uint64_t bytes = static_cast<std::uint64_t>(second * (i + 3) * 7919) % 100'000;
                scene.machine.moves("unit:app" + std::to_string(second / 150 * 4 + i) + ".service", bytes);
                moved += bytes;
            }
            scene.tick();
        }
        scene.tick();
        std::uint64_t shown = 0;
        const auto& chart = scene.netdata.chart("apps_received");
        QVERIFY(chart.dimensions.size() > 4); // the busiest have changed
        for (const auto& [id, dimension] : chart.dimensions)
            shown += static_cast<std::uint64_t>(dimension.values.back() - dimension.values.front());
        QCOMPARE(shown, moved);
        std::size_t live = 0;
        for (const auto& [id, dimension] : chart.dimensions)
            live += dimension.obsolete ? 0 : 1;
        QCOMPARE(live, std::size_t{4});
    }

    void anApplicationThatIsSilentLosesItsChartAndGetsItBack() {
        Scene scene;
        scene.settings.forget_after = 100s;
        scene.machine.moves(curl, 10);
        scene.tick();
        scene.machine.moves(curl, 10);
        scene.tick();
        for (int i = 0; i < 158; ++i)
            scene.tick();
        QVERIFY(scene.netdata.shows(curl_traffic)); // silent for so long, and then a gap for a minute
        for (int i = 0; i < 3; ++i)
            scene.tick();
        QVERIFY(!scene.netdata.shows(curl_traffic));
        QVERIFY(!scene.netdata.shows("app_exe_usr_bin_curl_connections"));
        scene.tick(3600s);
        scene.machine.moves(curl, 777);
        scene.tick();
        QVERIFY(scene.netdata.shows(curl_traffic));
        QCOMPARE(scene.growth(curl_traffic, "received"), 0);
        scene.tick();
        QCOMPARE(scene.growth(curl_traffic, "received"), 777);
    }

    void anApplicationWithAConnectionKeepsItsChart() {
        Scene scene;
        scene.machine.app("unit:sshd.service").connections.total = 1;
        for (int i = 0; i < 10; ++i)
            scene.tick(100s);
        QVERIFY(scene.netdata.shows("app_unit_sshd_service_traffic"));
    }

    void connectionsAreShownByProtocolAndState() {
        Scene scene;
        ConnectionCounts& counts = scene.machine.app("unit:sshd.service").connections;
        counts = {9, 7, 1, 1, 2, 1, {}};
        counts.tcp_states[static_cast<std::size_t>(SocketState::CloseWait)] = 3;
        counts.tcp_states[static_cast<std::size_t>(SocketState::SynSent)] = 1;
        counts.tcp_states[static_cast<std::size_t>(SocketState::LastAck)] = 4;
        counts.tcp_states[static_cast<std::size_t>(SocketState::FinWait1)] = 1;
        scene.tick();
        const auto& protocols = scene.netdata.chart("app_unit_sshd_service_connections");
        QCOMPARE(protocols.value("tcp"), 7);
        QCOMPARE(protocols.value("udp"), 1);
        QCOMPARE(protocols.value("other"), 1);
        const auto& states = scene.netdata.chart("app_unit_sshd_service_tcp");
        QCOMPARE(states.value("established"), 2);
        QCOMPARE(states.value("listen"), 1);
        QCOMPARE(states.value("opening"), 1);
        QCOMPARE(states.value("close_wait"), 3);
        QCOMPARE(states.value("closing"), 5);
    }

    void whatIsNotMeasurableIsNotZero() {
        Scene scene;
        App& app = scene.machine.app(curl);
        app.traffic = {};
        app.connections.total = app.connections.tcp = 1;
        scene.tick();
        QVERIFY(!scene.netdata.has(curl_traffic));
        QVERIFY(!scene.netdata.has("apps_received"));
        QVERIFY(scene.netdata.shows("app_exe_usr_bin_curl_connections"));
    }

    void aNumberThatBecomesBetterChangesItsLabelAndNotItsCounter() {
        Scene scene;
        scene.machine.moves(curl, 100);
        scene.machine.app(curl).traffic.accuracy = Accuracy::Partial;
        scene.tick();
        scene.machine.moves(curl, 5);
        scene.tick();
        QCOMPARE(scene.netdata.chart(curl_traffic).labels.at("accuracy"), std::string("partial"));
        scene.machine.app(curl).traffic.accuracy = Accuracy::Exact;
        scene.machine.moves(curl, 11);
        scene.tick();
        scene.tick();
        QCOMPARE(scene.netdata.chart(curl_traffic).labels.at("accuracy"), std::string("exact"));
        QCOMPARE(scene.growth(curl_traffic, "received"), 11);
    }

    void whoIsNotSeenHasAGapAndNoZero() {
        Scene scene;
        scene.tick();
        scene.machine.moves(curl, 500);
        scene.tick();
        scene.tick();
        const std::size_t points = scene.netdata.chart(curl_traffic).dimensions.at("received").values.size();
        const auto& stacked = scene.netdata.chart("apps_received").dimensions.at("exe_usr_bin_curl").values;
        const std::size_t stacked_points = stacked.size();
        const App gone = scene.machine.app(curl);
        const SourceStatus exact = *scene.machine.now().source("traffic");
        scene.machine.now().apps.clear(); // the daemon is away, and another user's traffic is not seen
        scene.machine.moves("unit:own.service", 10);
        scene.machine.now().sources[1].accuracy = Accuracy::Unavailable;
        scene.tick();
        QCOMPARE(scene.netdata.chart(curl_traffic).dimensions.at("received").values.size(), points);
        QCOMPARE(stacked.size(), stacked_points);
        scene.machine.now().sources[1] = exact;
        scene.machine.app(curl) = gone;
        scene.machine.moves(curl, 42);
        scene.tick();
        scene.tick();
        QCOMPARE(scene.growth(curl_traffic, "received"), 42);
        QCOMPARE(scene.netdata.chart(curl_traffic).declared, 1);
    }

    void onlyThoseThatTheUserWantsAreShown() {
        Scene scene;
        scene.settings.applications = SimplePattern("!curl unit:* wget");
        for (const char* id : {curl, "exe:/usr/bin/wget", "unit:sshd.service", "exe:/usr/bin/ssh"})
            scene.machine.moves(id, 1000);
        scene.tick();
        for (const char* id : {curl, "exe:/usr/bin/wget", "unit:sshd.service", "exe:/usr/bin/ssh"})
            scene.machine.moves(id, 1000);
        scene.tick();
        scene.tick();
        QVERIFY(!scene.netdata.has(curl_traffic));
        QVERIFY(!scene.netdata.has("app_exe_usr_bin_ssh_traffic"));
        QVERIFY(scene.netdata.has("app_exe_usr_bin_wget_traffic"));
        QVERIFY(scene.netdata.has("app_unit_sshd_service_traffic"));
        QCOMPARE(scene.growth("apps_received", "other"), 2000); // the two that are left out
    }

    void thresholdsAreVariablesOfTheChart() {
        Scene scene;
        scene.settings.thresholds = {{SimplePattern("cu*"), {5000, 9000}}};
        scene.machine.moves(curl, 1);
        scene.machine.moves("unit:sshd.service", 1);
        scene.tick();
        scene.machine.moves(curl, 1);
        scene.machine.moves("unit:sshd.service", 1);
        scene.tick();
        QCOMPARE(scene.netdata.chart(curl_traffic).variables.at("bandwidth_warn"), std::string("5000"));
        QCOMPARE(scene.netdata.chart(curl_traffic).variables.at("bandwidth_crit"), std::string("9000"));
        QCOMPARE(scene.netdata.chart("app_unit_sshd_service_traffic").variables.at("bandwidth_warn"),
                 std::string("0"));
    }

    void twoApplicationsOfOneNameHaveDimensionsOfTheirOwn() {
        Scene scene;
        scene.machine.app("exe:/opt/curl", "curl");
        scene.tick();
        scene.machine.moves(curl, 500);
        scene.machine.moves("exe:/opt/curl", 600);
        scene.tick();
        scene.tick();
        const auto& dimensions = scene.netdata.chart("apps_received").dimensions;
        QVERIFY(dimensions.at("exe_usr_bin_curl").name != dimensions.at("exe_opt_curl").name);
        QCOMPARE(scene.netdata.chart("app_exe_opt_curl_traffic").labels.at("app"), std::string("curl"));
    }

    void namesThatNetdata137ShowsAlikeAreToldApart() {
        Scene scene;
        scene.tick();
        scene.machine.app("exe:/opt/fox", "火狐");
        scene.machine.app("exe:/opt/chat", "微信");
        scene.machine.moves("exe:/opt/fox", 500);
        scene.machine.moves("exe:/opt/chat", 600);
        scene.tick();
        const auto& dimensions = scene.netdata.chart("apps_received").dimensions;
        QCOMPARE(dimensions.at("exe_opt_chat").name, std::string("微信"));
        QCOMPARE(dimensions.at("exe_opt_fox").name, std::string("exe_opt_fox"));
    }

    void sixHundredApplicationsInAMinuteStayBounded() {
        Scene scene;
        const auto charts = [&](bool shown) {
            std::size_t count = 0;
            for (const auto& [id, chart] : scene.netdata.charts())
                count += chart.context == "sockledger.app_traffic" && !(shown && chart.obsolete) ? 1 : 0;
            return count;
        };
        for (int i = 0; i < 600; ++i) {
            scene.machine.moves("unit:burst" + std::to_string(i) + ".service", 100'000);
            if (i % 10 == 9) {
                scene.tick();
                QVERIFY(charts(true) <= 50);
            }
        }
        for (int i = 0; i < 60; ++i)
            scene.tick(10s);
        QCOMPARE(charts(true), std::size_t{0}); // silent for longer than `forget after`
        QVERIFY(charts(false) <= 100);
    }
};

QTEST_GUILESS_MAIN(AppChartsTest)
#include "app_charts_test.moc"
