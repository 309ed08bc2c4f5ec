// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/child_user.hpp"
#include "rules/hook.hpp"
#include "support/require.hpp"

#include <boost/asio/io_context.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

using namespace sockledger;

namespace {

QByteArrayList lines_of(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().split('\n') : QByteArrayList();
}

/// Runs `body` on a thread without `capability`.
template<typename Body>
bool without(int capability, Body body) {
    bool dropped = false;
    std::thread([&] {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
        if (syscall(SYS_capget, &header, sets) != 0)
            return;
        sets[capability / 32].effective &= ~(1U << capability % 32);
        dropped = syscall(SYS_capset, &header, sets) == 0;
        if (dropped)
            body();
    }).join();
    return dropped;
}

} // namespace

/// Commands as another user; takes root.
class HookUserTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns");
        if (!find_user("nobody"))
            QSKIP("there is no user 'nobody'");
    }

    void aCommandRunsAsItsUser() {
        const QTemporaryDir folder;
        QFile::setPermissions(folder.path(), QFile::Permissions(0x7777));
        boost::asio::io_context context;
        QStringList problems;
        HookRunner runner(context, [&](const std::string& what) { problems << what.c_str(); });
        runner.run({},
                   {{"/usr/bin/cp", "/proc/self/status", folder.filePath("out").toStdString()}, "nobody"});
        context.run();
        QCOMPARE(problems, QStringList());

        const auto nobody = find_user("nobody");
        const QByteArray uid = '\t' + QByteArray::number(nobody->uid);
        const QByteArray gid = '\t' + QByteArray::number(nobody->gid);
        QByteArray groups = "Groups:\t";
        for (const gid_t group : nobody->groups)
            groups += QByteArray::number(group) + ' ';
        const QByteArrayList status = lines_of(folder.filePath("out"));
        QVERIFY(status.contains("Uid:" + uid + uid + uid + uid));
        QVERIFY(status.contains("Gid:" + gid + gid + gid + gid));
        QVERIFY(status.contains(groups));
        QVERIFY(status.contains("CapEff:\t0000000000000000"));
        QVERIFY(status.contains("CapPrm:\t0000000000000000"));
    }

    void aSetuidProgramGivesNothingBack() {
        const QTemporaryDir folder;
        QFile::setPermissions(folder.path(), QFile::Permissions(0x7777));
        const QString copy = folder.filePath("cp");
        QVERIFY(QFile::copy("/usr/bin/cp", copy));
        QCOMPARE(chmod(copy.toLocal8Bit().constData(), 04755), 0);
        boost::asio::io_context context;
        HookRunner runner(context, [](const std::string&) {});
        runner.run(
            {}, {{copy.toStdString(), "/proc/self/status", folder.filePath("out").toStdString()}, "nobody"});
        context.run();
        QVERIFY(lines_of(folder.filePath("out")).contains("CapEff:\t0000000000000000"));
        const QByteArray uid = '\t' + QByteArray::number(find_user("nobody")->uid);
        QVERIFY(lines_of(folder.filePath("out")).contains("Uid:" + uid + uid + uid + uid));
    }

    void aDaemonThatMayNotSwitchSaysSo_data() {
        QTest::addColumn<int>("capability");
        QTest::newRow("CAP_SETUID") << CAP_SETUID;
        QTest::newRow("CAP_SETGID") << CAP_SETGID;
        QTest::newRow("CAP_KILL") << CAP_KILL;
    }

    void aDaemonThatMayNotSwitchSaysSo() {
        QFETCH(int, capability);
        boost::asio::io_context context;
        QStringList problems;
        const HookCommand command{{"/usr/bin/false"}, "nobody"};
        bool valid = true;
        QVERIFY(without(capability, [&] {
            valid = validate(command).has_value();
            HookRunner runner(context, [&](const std::string& what) { problems << what.c_str(); });
            runner.run({}, command);
            context.run();
        }));
        QVERIFY(!valid);
        QCOMPARE(problems.size(), 1);
        QVERIFY2(problems.first().endsWith("takes CAP_SETUID, CAP_SETGID and CAP_KILL"),
                 problems.first().toUtf8());
    }
};

QTEST_GUILESS_MAIN(HookUserTest)
#include "hook_user_test.moc"
