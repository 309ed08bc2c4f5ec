// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t eth = 2;

} // namespace

/// A build server runs thousands of programs that nobody sees again.
class GoneAppsTest : public QObject {
    Q_OBJECT

private slots:
    void applicationsThatAreGoneDoNotPileUp() {
        Script script;
        script.link(eth, "");
        script.process(1, "/usr/bin/stays");
        script.receive(1, eth, 1, 86);
        script.sample();
        std::uint64_t moved = 100;
        std::uint32_t pid = 2;
        SnapshotPtr snapshot;
        for (int second = 0; second < 300; ++second) {
            const std::uint32_t first = pid;
            for (; pid < first + 40; ++pid) {
                script.process(pid, "/tmp/job" + std::to_string(pid));
                if (pid % 2 == 0) {
                    script.receive(pid, eth, 1, 86);
                    moved += 100;
                }
            }
            script.sample(500ms);
            for (std::uint32_t ended = first; ended < pid; ++ended) {
                script.exit(ended);
                script.remove_rows(ended);
            }
            snapshot = script.sample(500ms);
            // the last thousand, those of the last thousand processes, and what came since the last sweep
            QVERIFY2(snapshot->apps.size() < 1024 + 1024 + 400, qPrintable(QString::number(second)));
        }
        QVERIFY(snapshot->apps.size() > 1024);
        QCOMPARE(snapshot->app("exe:/usr/bin/stays")->traffic.rx_bytes, 100u);
        QVERIFY(snapshot->app("exe:/tmp/job" + std::to_string((pid - 1) / 2 * 2)));
        QVERIFY(!snapshot->app("exe:/tmp/job2"));
        QCOMPARE(snapshot->interfaces.at(0).apps.rx_bytes, moved); // the books keep what they moved
        // one that comes back is a new one
        script.process(pid, "/tmp/job2");
        script.receive(pid, eth, 3, 86);
        snapshot = script.sample();
        QCOMPARE(snapshot->app("exe:/tmp/job2")->traffic.rx_bytes, 300u);
        QCOMPARE(snapshot->app("exe:/tmp/job2")->traffic.rx_rate, 300.0);
    }

    /// A machine of containers has new interfaces all day.
    void interfacesThatAreGoneDoNotPileUp() {
        Script script;
        script.link(eth, "");
        script.process(1, "/usr/bin/stays");
        script.sample();
        const InterfaceId unread{other_netns, 7}; // of a namespace whose devices cannot be read
        SnapshotPtr snapshot;
        std::uint64_t last = 0;
        for (std::uint32_t minute = 0; minute < 60; ++minute) {
            const std::uint32_t veth = 100 + minute;
            script.link(veth);
            script.sample(10s);
            script.receive(1, veth, 1, 86);
            script.row(1, unread).rx_bytes += 86;
            script.sample(10s);
            script.remove_link(veth);
            std::erase_if(script.readings.traffic.rows, [&](const TrafficRow& row) {
                return row.interface.ifindex == veth;
            });
            snapshot = script.sample(40s);
            const App& app = *snapshot->app("exe:/usr/bin/stays");
            QVERIFY(app.by_interface.size() < 20);
            QVERIFY(app.by_interface.contains({own_netns, veth}));
            QVERIFY(app.traffic.rx_bytes > last);
            last = app.traffic.rx_bytes;
        }
        const App& app = *snapshot->app("exe:/usr/bin/stays");
        QCOMPARE(app.traffic.rx_bytes, 60u * (100 + 86));
        QCOMPARE(app.by_interface.at(unread).rx_bytes, 60u * 86); // it goes on
    }
};

QTEST_GUILESS_MAIN(GoneAppsTest)
#include "gone_apps_test.moc"
