// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/collectd_fleet.hpp"
#include "hosts/outcome.hpp"
#include "support/require.hpp"

#include <csignal>

using namespace sockledger;
using namespace sockledger::test;

namespace {

constexpr int patience = 60'000;

/// How often collectd is started and ended under a sanitizer.
int rounds() {
    bool given = false;
    const int rounds = qEnvironmentVariableIntValue("SOCKLEDGER_COLLECTD_ROUNDS", &given);
    return given ? rounds : 10;
}

} // namespace

/// How sockledger.so begins and ends in the real collectd.
class CollectdLifeTest : public QObject {
    Q_OBJECT

    std::optional<Scene> scene_;
    std::unique_ptr<DaemonProcess> daemon_;

    QString device() const { return CollectdFleet::identifier(scene_->link.left()); }
    QString directory(const char* name) const { return scene_->directory.filePath(name); }
    CollectdHost::Options options(const char* more = "") const {
        CollectdHost::Options made;
        made.config = csv_config;
        made.plugin = CollectdFleet::plugin(*scene_) + more;
        return made;
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf", "collectd");
        scene_.emplace();
        daemon_ = scene_->daemon();
    }

    void aDaemonThatHangsDoesNotHoldUpTheEnd() {
        CollectdHost host(scene_->left, directory("hung"), options());
        QTRY_VERIFY_WITH_TIMEOUT(!host.csv(device()).empty(), patience);
        daemon_->signal(SIGSTOP);
        const auto rows = host.csv(device()).size();
        QTest::qWait(2000); // into a sample that will not end
        const auto begin = std::chrono::steady_clock::now();
        const int status = host.stop();
        const auto took = std::chrono::steady_clock::now() - begin;
        daemon_->signal(SIGCONT);
        QVERIFY(host.csv(device()).size() <= rows + 2); // it hung indeed
        QCOMPARE(status, 0);
        QVERIFY(took < 5s);
        QVERIFY(host.said().contains("ends without waiting"));
    }

    void asADaemonItWorksToo() { // collectd forks after it has read its configuration
        CollectdHost::Options forked = options();
        forked.foreground = false;
        CollectdHost host(scene_->left, directory("forked"), forked);
        QTRY_VERIFY_WITH_TIMEOUT(host.csv(device()).size() > 2, patience);
        QTRY_VERIFY_WITH_TIMEOUT(host.csv(CollectdFleet::app("other")).size() > 2, patience);
        QCOMPARE(host.stop(), 0);
        QVERIFY(host.said().contains("Exiting normally"));
    }

    void withoutPrivilegeAndDaemonItSaysSoOnceAndHealsByItself() {
        QVERIFY(QDir().mkpath(directory("late")));
        CollectdHost::Options weak;
        weak.config = csv_config;
        weak.privileged = false;
        weak.plugin = "Interface \"/./\"\nSocket \"" + directory("late").toLocal8Bit() + "/io.sockledger\"\n";
        CollectdHost host(scene_->left, directory("weak"), weak);
        const auto lines = [&](const char* text) { return host.said().count(QByteArray("plugin: ") + text); };
        QTRY_VERIFY_WITH_TIMEOUT(host.csv(device()).size() > 3, patience);
        QCOMPARE(lines("exact traffic of applications is missing"), 1);
        QCOMPARE(host.csv("sockledger-all/bool-exact").back().values, std::vector<double>{0});
        const DaemonProcess daemon(scene_->left, directory("late").toStdString());
        QTRY_COMPARE_WITH_TIMEOUT(lines("exact traffic of applications from now on"), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(host.csv("sockledger-all/bool-exact").back().values, std::vector<double>{1},
                                  patience);
        QCOMPARE(lines("exact traffic of applications is missing"), 1);
        QCOMPARE(host.stop(), 0);
    }

    void wrongSettingsStopNothing() {
        CollectdHost host(scene_->left, directory("wrong"),
                          options("Colour \"red\"\nInterval -1\nInterface \"/(/\"\nTopApplications \"x\" 3\n"
                                  "Socket 1\n<Applications>\n Application 5\n</Applications>\n"));
        QTRY_VERIFY_WITH_TIMEOUT(!host.csv(device()).empty(), patience);
        QCOMPARE(host.said().count("; ignored."), 6);
        QCOMPARE(host.stop(), 0);
    }

    void sanitizersFindNothing_data() {
        QTest::addColumn<QString>("module");
        QTest::addColumn<QString>("runtime");
        QTest::newRow("address") << SOCKLEDGER_COLLECTD_ADDRESS << "libasan.so";
        QTest::newRow("thread") << SOCKLEDGER_COLLECTD_THREAD << "libtsan.so";
    }
    void sanitizersFindNothing() {
        QFETCH(const QString, module);
        QFETCH(const QString, runtime);
        CollectdHost::Options checked = options();
        checked.module = module;
        checked.preload = outcome_of(SOCKLEDGER_COMPILER, {"-print-file-name=" + runtime}).output.trimmed();
        const QString place = directory(QTest::currentDataTag());
        for (int round = 0; round < rounds(); ++round) {
            CollectdHost host(scene_->left, place, checked);
            const auto rows = host.csv(device()).size();
            scene_->send("surfer", 100'000);
            QTRY_VERIFY_WITH_TIMEOUT(host.csv(device()).size() > rows, patience);
            QVERIFY2(host.stop() == 0, host.said().constData());
            QVERIFY2(!host.said().contains("Sanitizer"), host.said().constData());
        }
    }
};

QTEST_GUILESS_MAIN(CollectdLifeTest)
#include "collectd_life_test.moc"
