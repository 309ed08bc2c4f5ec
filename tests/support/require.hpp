// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTest>

/// What a test needs of the machine. A test that lacks something is skipped and says what and why;
/// what SOCKLEDGER_REQUIRE (a list like "netns,bpf") names must be there, or the test fails.
namespace sockledger::test {

/// Why this process cannot use `capability` on this machine; empty when it can. Probed once.
/// Known: netns (make namespaces and veth pairs), users (become other users), bpf (load and attach the
/// traffic programs), io_uring, sctp, raw, mptcp, tun, systemd (its tools), varlinkctl, netdata, chromium,
/// collectd, prometheus, qemu, python3, valgrind. An unknown name is missing.
QString missing(const QString& capability);

struct Verdict {
    QByteArray message; ///< empty: everything is there
    bool failure = false;
};

/// The first of `capabilities` that is missing, and whether SOCKLEDGER_REQUIRE makes that a failure.
Verdict judge(const QStringList& capabilities, const QString& required);
Verdict judge(const QStringList& capabilities);

} // namespace sockledger::test

/// SOCKLEDGER_NEEDS("netns", "bpf"): in a test function, or in initTestCase() for all of them.
#define SOCKLEDGER_NEEDS(...)                                                                                \
    do {                                                                                                     \
        const ::sockledger::test::Verdict need_verdict = ::sockledger::test::judge({__VA_ARGS__});           \
        if (need_verdict.failure)                                                                            \
            QFAIL(need_verdict.message.constData());                                                         \
        if (!need_verdict.message.isEmpty())                                                                 \
            QSKIP(need_verdict.message.constData());                                                         \
    } while (false)
