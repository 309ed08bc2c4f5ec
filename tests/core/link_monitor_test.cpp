// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/link_messages.hpp"
#include "kernel/link_monitor.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;

class LinkMonitorTest : public QObject {
    Q_OBJECT

    FakeTransport* kernel_ = nullptr; // owned by monitor_
    std::unique_ptr<LinkMonitor> monitor_;

    static Buffer notice(int type, Bytes payload) { return message(type, 0, payload, 0); }

private slots:
    void init() {
        auto transport = std::make_unique<FakeTransport>();
        kernel_ = transport.get();
        monitor_ = std::make_unique<LinkMonitor>(std::move(transport));
    }

    void silenceIsNoChange() { QVERIFY(!monitor_->drain().any()); }

    void everyNoticeSaysWhatToReadAgain_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QString>("changes");
        const auto row = [](const char* name, int type, const Buffer& payload, const char* changes) {
            QTest::newRow(name) << type
                                << QByteArray(reinterpret_cast<const char*>(payload.data()),
                                              static_cast<qsizetype>(payload.size()))
                                << QString(changes);
        };
        rtmsg network{};
        network.rtm_family = AF_INET;
        network.rtm_dst_len = 24;
        network.rtm_type = RTN_UNICAST;
        row("a device", RTM_NEWLINK, link_message({.ifindex = 7}, {}), "links routes");
        row("a device gone", RTM_DELLINK, link_message({.ifindex = 7}, {}), "links routes deleted");
        row("a bridge port", RTM_DELLINK, link_message({.ifindex = 7, .family = AF_BRIDGE}, {}), "");
        row("an address", RTM_NEWADDR, address_message(AF_INET, 24, 7, {}), "addresses");
        row("an address gone", RTM_DELADDR, address_message(AF_INET, 24, 7, {}), "addresses");
        row("a default route", RTM_NEWROUTE, route_message({}), "routes");
        row("a default route gone", RTM_DELROUTE, route_message({}), "routes");
        row("a network", RTM_NEWROUTE, Buffer() + bytes_of(network), "");
        row("a neighbour", RTM_NEWNEIGH, {}, "");
    }

    void everyNoticeSaysWhatToReadAgain() {
        QFETCH(int, type);
        QFETCH(QByteArray, payload);
        QFETCH(QString, changes);
        kernel_->script = {notice(type, some_bytes(payload.toStdString()))};
        const LinkChanges seen = monitor_->drain();
        QCOMPARE(seen.links, changes.contains("links"));
        QCOMPARE(seen.addresses, changes.contains("addresses"));
        QCOMPARE(seen.routes, changes.contains("routes"));
        QCOMPARE(seen.deleted.size(), std::size_t{changes.contains("deleted") ? 1u : 0u});
        QVERIFY(!seen.lost);
    }

    void allThatIsQueuedIsTakenTogether() {
        kernel_->script = {notice(RTM_DELLINK, link_message({.ifindex = 7}, {})) +
                               notice(RTM_NEWADDR, address_message(AF_INET, 24, 8, {})),
                           notice(RTM_DELLINK, link_message({.ifindex = 9}, {}))};
        const LinkChanges changes = monitor_->drain();
        QVERIFY(changes.links && changes.addresses);
        QCOMPARE(changes.deleted, (std::vector<std::uint32_t>{7, 9}));
        QVERIFY(!monitor_->drain().any());
    }

    void lostNoticesMeanThatEverythingMayHaveChanged() {
        kernel_->script = {ENOBUFS, notice(RTM_DELLINK, link_message({.ifindex = 7}, {}))};
        const LinkChanges changes = monitor_->drain();
        QVERIFY(changes.lost && changes.links && changes.addresses && changes.routes);
        QCOMPARE(changes.deleted, (std::vector<std::uint32_t>{7}));
        QVERIFY(!monitor_->drain().any());
    }

    void aBrokenSocketMeansThatEverythingMayHaveChanged() {
        kernel_->script = {EBADF};
        const LinkChanges changes = monitor_->drain();
        QVERIFY(changes.lost && changes.links && changes.addresses && changes.routes);
    }

    void noticesCutAnywhereAreSafe() {
        const Buffer whole = notice(RTM_DELLINK, link_message({.ifindex = 7}, number(IFLA_NEW_NETNSID, 1u))) +
                             notice(RTM_NEWROUTE, route_message(number(RTA_OIF, 7u)));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            LinkChanges changes;
            add_link_notices(Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)),
                             changes);
            QVERIFY(changes.deleted.empty());
        }
    }
};

QTEST_GUILESS_MAIN(LinkMonitorTest)
#include "link_monitor_test.moc"
