// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/require.hpp"

#include <QProcess>
#include <QTest>

/// The scenarios of books_test on kernels of other releases, see tests/kernels/run.
class KernelsTest : public QObject {
    Q_OBJECT

private slots:
    void everyKernelCountsAsExactlyAsItCan() {
        SOCKLEDGER_NEEDS("qemu");
        QProcess run;
        run.setProcessChannelMode(QProcess::ForwardedChannels);
        run.start(SOCKLEDGER_KERNELS, {"--variants", "all", "6.1", "6.12"});
        QVERIFY(run.waitForFinished(-1));
        QCOMPARE(run.exitStatus(), QProcess::NormalExit);
        QCOMPARE(run.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(KernelsTest)
#include "kernels_test.moc"
