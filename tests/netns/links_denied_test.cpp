// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/links.hpp"
#include "support/checked.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::test;

/// What is left where a sandbox takes away netlink, as systemd's RestrictAddressFamilies= does.
class LinksDeniedTest : public QObject {
    Q_OBJECT

    /// From now on socket(AF_NETLINK) fails with EAFNOSUPPORT in this thread.
    static void deny_netlink() {
        constexpr auto call_at = offsetof(seccomp_data, nr);
        constexpr auto family_at = offsetof(seccomp_data, args); // the low half, on little-endian machines
        std::array<sock_filter, 6> program{{
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, call_at),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, family_at),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        }};
        const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
        checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
        checked(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "seccomp");
    }

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns"); }

    void procStandsInForNetlinkAndTheReasonIsTold() {
        const Namespace space;
        space.ip({"link", "add", "a0", "type", "veth", "peer", "name", "b0"});
        Readings readings;
        const auto status = space.run([&] {
            deny_netlink();
            return make_links_source()->read(readings);
        });
        QCOMPARE(status.accuracy, Accuracy::Exact);
        QCOMPARE(QString::fromStdString(status.detail),
                 "interface counters by /proc/net/dev, without addresses "
                 "(netlink: socket: Address family not supported by protocol)");
        QCOMPARE(readings.links.netns, space.inum());
        QCOMPARE(readings.links.links.size(), std::size_t{3});
        // sysfs is still that of the namespace in which it was mounted, and must not be mixed in.
        for (const LinkRecord& link : readings.links.links) {
            QVERIFY(link.name == "lo" || link.mtu == 0);
            QVERIFY(link.ifindex != 0);
        }
    }

    void withoutNetlinkAndProcTheListIsEmptyAndBothReasonsAreTold() {
        const Namespace space;
        const QTemporaryDir nothing;
        Readings readings;
        readings.links.links.resize(3);
        const auto status = space.run([&] {
            deny_netlink();
            checked(unshare(CLONE_FS), "unshare");
            checked(chroot(nothing.path().toUtf8().constData()), "chroot");
            return make_links_source()->read(readings);
        });
        QCOMPARE(status.accuracy, Accuracy::Unavailable);
        QVERIFY(readings.links.links.empty());
        const auto detail = QString::fromStdString(status.detail);
        QVERIFY2(detail.contains("netlink: socket: Address family not supported"), qPrintable(detail));
        QVERIFY2(detail.contains("/proc/thread-self/net: No such file"), qPrintable(detail));
    }
};

QTEST_GUILESS_MAIN(LinksDeniedTest)
#include "links_denied_test.moc"
