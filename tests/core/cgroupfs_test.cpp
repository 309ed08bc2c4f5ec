// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/cgroupfs.hpp"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace sockledger;

namespace {

std::uint64_t inode_of(const QString& path) {
    struct stat info {};
    return stat(QFile::encodeName(path), &info) == 0 ? info.st_ino : 0;
}

} // namespace

/// On a plain directory, where the kernel does not answer by id, so that the tree is searched.
class CgroupfsTest : public QObject {
    Q_OBJECT

private slots:
    void everyDirectoryIsFoundByItsNumber() {
        const QTemporaryDir tree;
        QDir(tree.path()).mkpath("system.slice/sshd.service");
        QDir(tree.path()).mkpath("user.slice/odd\nname");
        CgroupPaths cgroups(tree.path().toStdString());
        QCOMPARE(cgroups.path(inode_of(tree.path())), "/");
        QCOMPARE(cgroups.path(inode_of(tree.filePath("system.slice/sshd.service"))),
                 "/system.slice/sshd.service");
        QCOMPARE(cgroups.path(inode_of(tree.filePath("user.slice/odd\nname"))), "/user.slice/odd\\x0aname");
    }

    void aFileIsNoGroup() {
        const QTemporaryDir tree;
        QFile file(tree.filePath("cgroup.procs"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        CgroupPaths cgroups(tree.path().toStdString());
        QCOMPARE(cgroups.path(inode_of(file.fileName())), "");
    }

    void aGroupKeepsItsPathAfterItsEnd() {
        const QTemporaryDir tree;
        QDir(tree.path()).mkpath("short.scope");
        const auto id = inode_of(tree.filePath("short.scope"));
        CgroupPaths cgroups(tree.path().toStdString());
        QCOMPARE(cgroups.path(id), "/short.scope");
        QDir(tree.path()).rmdir("short.scope");
        QCOMPARE(cgroups.path(id), "/short.scope");
    }

    void theTreeIsSearchedOnceUntilMoreIsAllowed() {
        const QTemporaryDir tree;
        CgroupPaths cgroups(tree.path().toStdString());
        QCOMPARE(cgroups.path(1), "");
        QDir(tree.path()).mkpath("new.scope");
        const auto id = inode_of(tree.filePath("new.scope"));
        QCOMPARE(cgroups.path(id), "");
        cgroups.allow_search();
        QCOMPARE(cgroups.path(id), "/new.scope");
    }

    void withoutATreeNothingIsFound() {
        CgroupPaths cgroups("/no/such/tree");
        QCOMPARE(cgroups.path(1), "");
        QCOMPARE(cgroups.path(0), "");
    }
};

QTEST_GUILESS_MAIN(CgroupfsTest)
#include "cgroupfs_test.moc"
