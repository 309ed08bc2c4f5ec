// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/cgroup2_mount.hpp"

#include <QTest>

using namespace sockledger;

class Cgroup2MountTest : public QObject {
    Q_OBJECT

private slots:
    void unifiedAndHybridLayoutsAreFound() {
        QCOMPARE(find_cgroup2_mount("24 1 0:22 / /proc rw - proc proc rw\n"
                                    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"),
                 std::string("/sys/fs/cgroup"));
        QCOMPARE(find_cgroup2_mount("31 23 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs ro\n"
                                    "33 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
                                    "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"),
                 std::string("/sys/fs/cgroup/unified"));
    }

    void aSubtreeIsNotTheRoot() {
        QCOMPARE(find_cgroup2_mount("30 23 0:26 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"),
                 std::string());
    }

    void escapedBytesAreRestored() {
        QCOMPARE(find_cgroup2_mount("30 23 0:26 / /mnt/a\\040b\\134 rw - cgroup2 cgroup2 rw\n"),
                 std::string("/mnt/a b\\"));
    }

    void nonsenseGivesNothing() {
        QCOMPARE(find_cgroup2_mount(""), std::string());
        QCOMPARE(find_cgroup2_mount("30 - cgroup2 \n\n\\"), std::string());
        QCOMPARE(find_cgroup2_mount("30 23 0:26 / sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"), std::string());
    }
};

QTEST_GUILESS_MAIN(Cgroup2MountTest)
#include "cgroup2_mount_test.moc"
