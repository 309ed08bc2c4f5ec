// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "columns.h"
#include "fake_feed.h"
#include "support/machine.hpp"

#include <processcore/process.h>
#include <processcore/processes.h>

#include <QSignalSpy>
#include <QTest>

#include <unistd.h>

using namespace sockledger::testing;
using namespace Qt::StringLiterals;

/// What System Monitor's table of processes is offered, and when it is read.
class ColumnsTest : public QObject {
    Q_OBJECT

    static sockledger::Snapshot snapshot() {
        Machine machine;
        sockledger::Process self;
        self.id.pid = static_cast<std::uint32_t>(getpid());
        self.traffic.accuracy = sockledger::Accuracy::Exact;
        self.traffic.rx_rate = 1234;
        self.traffic.tx_bytes = 99;
        self.connections.udp = 3;
        machine.now().processes = {self};
        return machine.tick();
    }
    static KSysGuard::ProcessAttribute* column(const Columns& columns, const QString& id) {
        for (KSysGuard::ProcessAttribute* attribute : columns.attributes())
            if (attribute->id() == id)
                return attribute;
        return nullptr;
    }

private slots:
    void nothingIsReadUntilAColumnIsShown() {
        FakeFeed feed(snapshot());
        KSysGuard::Processes processes;
        processes.updateAllProcesses();
        Columns columns(&processes, feed.key());
        QVERIFY(!QTest::qWaitFor([&] { return feed.open(); }, 300));
        {
            QSignalSpy shown(column(columns, u"sockledgerDownload"_s),
                             &KSysGuard::ProcessAttribute::dataChanged);
            QTRY_VERIFY(feed.open());
        }
        QTRY_VERIFY(!feed.open());
    }

    void aProcessHasItsNumbers() {
        FakeFeed feed(snapshot());
        KSysGuard::Processes processes;
        processes.updateAllProcesses();
        Columns columns(&processes, feed.key());
        KSysGuard::ProcessAttribute* const download = column(columns, u"sockledgerDownload"_s);
        QSignalSpy shown(download, &KSysGuard::ProcessAttribute::dataChanged);
        QTRY_VERIFY(!shown.isEmpty());
        KSysGuard::Process* const self = processes.getProcess(getpid());
        QVERIFY(self);
        QCOMPARE(download->data(self).toDouble(), 1234.0);
        QCOMPARE(download->unit(), KSysGuard::UnitByteRate);
        QVERIFY(!column(columns, u"sockledgerUpload"_s)->data(self).isValid()); // its rate is not known yet
        QCOMPARE(column(columns, u"sockledgerUploaded"_s)->data(self).toULongLong(), 99u);
        QCOMPARE(column(columns, u"sockledgerUdp"_s)->data(self).toUInt(), 3u);
        QCOMPARE(column(columns, u"sockledgerAccuracy"_s)->data(self).toString(), u"exact"_s);
        // nobody knows a number of the parent, so it has none
        if (KSysGuard::Process* const parent = processes.getProcess(getppid()))
            QVERIFY(!download->data(parent).isValid());
    }
};

QTEST_GUILESS_MAIN(ColumnsTest)
#include "columns_test.moc"
