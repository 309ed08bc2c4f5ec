// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_links.hpp"
#include "kernel/rtnetlink_links.hpp"
#include "netns/links_scene.hpp"
#include "support/checked.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"

#include <QTest>

#include <sched.h>
#include <sys/mount.h>

using namespace sockledger;
using namespace sockledger::test;

/// Links of a live kernel. Each test has a new network namespace, with its own sysfs.
class LinksTest : public QObject {
    Q_OBJECT

    static std::unique_ptr<LinkReader> open(bool netlink) {
        auto reader = netlink ? RtnetlinkLinks::open() : ProcLinks::open();
        if (!reader) {
            throw std::runtime_error(reader.error().message);
        }
        return std::move(*reader);
    }

    static void both_readers() {
        QTest::addColumn<bool>("netlink");
        QTest::newRow("netlink") << true;
        QTest::newRow("proc") << false;
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "tun");
        checked(unshare(CLONE_NEWNS), "unshare");
        checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount private");
    }

    void init() {
        checked(unshare(CLONE_NEWNET), "unshare");
        umount2("/sys", MNT_DETACH);
        checked(mount("sysfs", "/sys", "sysfs", 0, nullptr), "mount sysfs");
    }

    void everyKindOfLinkIsRead_data() { both_readers(); }
    void everyKindOfLinkIsRead() {
        QFETCH(bool, netlink);
        const Namespace elsewhere;
        run_ip(links_scene(elsewhere.path()));
        const auto reader = open(netlink);
        std::vector<LinkInfo> links;
        const auto report = reader->read(links);
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        QCOMPARE(report->lost, std::uint64_t{0});
        const auto faults = scene_faults(links, netlink ? SceneView::Netlink : SceneView::Proc);
        QVERIFY2(faults.empty(), faults.c_str());
    }
};

QTEST_GUILESS_MAIN(LinksTest)
#include "links_test.moc"
