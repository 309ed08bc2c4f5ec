// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "settings.hpp"

#include <QTest>

using namespace sockledger::collectd;

namespace {

ConfigItem block(std::vector<ConfigItem> children) {
    return {"Plugin", {std::string("sockledger")}, std::move(children)};
}

} // namespace

class CollectdSettingsTest : public QObject {
    Q_OBJECT

private slots:
    void everythingIsReadWhateverTheCaseOfItsKey() {
        Settings settings;
        const auto problems = apply(settings, block({{"socket", {std::string("/run/s")}, {}},
                                                     {"INTERVAL", {5.0}, {}},
                                                     {"TopApplications", {12.0}, {}},
                                                     {"ReportConnections", {false}, {}},
                                                     {"ReportProcesses", {std::string("off")}, {}}}));
        QVERIFY(problems.empty());
        QCOMPARE(settings.socket, "/run/s");
        QCOMPARE(settings.interval_seconds, 5u);
        QCOMPARE(settings.top_applications, 12u);
        QVERIFY(!settings.report_connections);
        QVERIFY(!settings.report_processes);
    }

    void whatIsWrongIsSaidAndLeavesWhatWas() {
        Settings settings;
        const auto problems =
            apply(settings, block({{"Socket", {std::string("run/s")}, {}},
                                   {"Socket", {}, {}},
                                   {"Interval", {0.5}, {}},
                                   {"TopApplications", {std::string("many")}, {}},
                                   {"TopApplications", {1.0, 2.0}, {}},
                                   {"ReportConnections", {3.0}, {}},
                                   {"Interface", {std::string("/(/")}, {}},
                                   {"Colour", {std::string("red")}, {}},
                                   {"Applications", {}, {{"Interface", {std::string("a")}, {}}}}}));
        QCOMPARE(problems.size(), std::size_t(9));
        QCOMPARE(problems[0], "`Socket' takes an absolute path; ignored.");
        QCOMPARE(problems[2], "`Interval' takes exactly one number from 1 to 86400; ignored.");
        QCOMPARE(problems[7], "`Colour' is not known; ignored.");
        QVERIFY(settings.socket.empty());
        QCOMPARE(settings.interval_seconds, 0u);
        QCOMPARE(settings.top_applications, 50u);
        QVERIFY(settings.report_connections);
        QVERIFY(settings.interfaces.empty());
    }

    void aSecondBlockAddsToTheFirst() {
        Settings settings;
        QVERIFY(apply(settings, block({{"Interface", {std::string("eth0")}, {}}})).empty());
        QVERIFY(apply(settings, block({{"Interface", {std::string("eth1")}, {}}})).empty());
        QVERIFY(!settings.ignores_interface("eth0"));
        QVERIFY(!settings.ignores_interface("eth1"));
        QVERIFY(settings.ignores_interface("eth2"));
    }

    void interfacesThatComeAndGoAreLeftOutUntilInterfacesAreNamed() {
        Settings settings;
        for (const char* name : {"veth12ab", "cali9", "vnet0", "tap3", "web/eth0"})
            QVERIFY2(settings.ignores_interface(name), name);
        for (const char* name : {"eth0", "lo", "wlan0", "docker0", "wg0", "myveth"})
            QVERIFY2(!settings.ignores_interface(name), name);
        QVERIFY(apply(settings, block({{"IgnoreSelected", {true}, {}}})).empty());
        QVERIFY(settings.ignores_interface("veth12ab"));
        QVERIFY(apply(settings, block({{"Interface", {std::string("lo")}, {}}})).empty());
        QVERIFY(settings.ignores_interface("lo"));
        QVERIFY(!settings.ignores_interface("veth12ab"));
    }

    void applicationsHaveAListOfTheirOwn() {
        Settings settings;
        QVERIFY(apply(settings, block({{"Interface", {std::string("eth0")}, {}},
                                       {"Applications",
                                        {},
                                        {{"Application", {std::string("/^kworker/")}, {}},
                                         {"Application", {std::string("unit:cron.service")}, {}},
                                         {"IgnoreSelected", {true}, {}}}}}))
                    .empty());
        QVERIFY(settings.applications.ignores({"kworker_0:1", "exe:/x"}));
        QVERIFY(settings.applications.ignores({"cron", "unit:cron.service"}));
        QVERIFY(!settings.applications.ignores({"firefox", "desktop:firefox"}));
        QVERIFY(!settings.ignores_interface("eth0"));
    }

    void anIgnorelistIsCollectds() {
        Ignorelist list;
        QVERIFY(!list.ignores({"anything"}));
        QVERIFY(list.add("eth0"));
        QVERIFY(list.add("/^(wl|ww)/"));
        QVERIFY(list.add("//")); // too short for an expression: a name
        QVERIFY(!list.add("/[/"));
        for (const char* taken : {"eth0", "wlan0", "wwan1", "//"})
            QVERIFY2(!list.ignores({taken}), taken);
        for (const char* left : {"Eth0", "eth01", "awl", ""})
            QVERIFY2(list.ignores({left}), left);
        list.set_ignore_selected(true);
        QVERIFY(list.ignores({"eth0"}));
        QVERIFY(!list.ignores({"eth01"}));
    }
};

QTEST_APPLESS_MAIN(CollectdSettingsTest)
#include "settings_test.moc"
