// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/require.hpp"

#include <QTest>

using namespace sockledger::test;

class RequireTest : public QObject {
    Q_OBJECT

private slots:
    void anUnknownCapabilityIsMissingAndNamed() {
        const Verdict verdict = judge({QStringLiteral("levitation")}, QString());
        QVERIFY(verdict.message.startsWith("needs levitation: "));
        QVERIFY(!verdict.failure);
    }

    void aMissingCapabilityThatIsRequiredIsAFailure() {
        const QStringList needs{QStringLiteral("levitation")};
        QVERIFY(judge(needs, QStringLiteral("netns, levitation")).failure);
        QVERIFY(judge(needs, QStringLiteral("levitation")).failure);
        QVERIFY(!judge(needs, QStringLiteral("netns,levitations")).failure);
    }

    void nothingNeededIsNothingMissing() {
        const Verdict verdict = judge({}, QStringLiteral("levitation"));
        QVERIFY(verdict.message.isEmpty());
        QVERIFY(!verdict.failure);
    }

    void theReasonIsOneLine() {
        for (const char* capability : {"netns", "bpf", "io_uring", "sctp", "raw", "mptcp", "tun"})
            QVERIFY(!missing(QLatin1String(capability)).contains(QLatin1Char('\n')));
    }
};

QTEST_GUILESS_MAIN(RequireTest)
#include "require_test.moc"
