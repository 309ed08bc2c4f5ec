// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/link_messages.hpp"
#include "kernel/rtnetlink_links.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;

/// The reader against a kernel that the test plays.
class RtnetlinkLinksTest : public QObject {
    Q_OBJECT

    FakeKernel* kernel_ = nullptr;     // owned by reader_
    FakeTransport* notices_ = nullptr; // owned by reader_
    std::unique_ptr<RtnetlinkLinks> reader_;
    std::vector<LinkInfo> links_;

    void open(bool with_monitor) {
        auto kernel = std::make_unique<FakeKernel>();
        auto notices = std::make_unique<FakeTransport>();
        kernel_ = kernel.get();
        notices_ = notices.get();
        std::optional<LinkMonitor> monitor;
        if (with_monitor) {
            monitor.emplace(std::move(notices));
        }
        reader_ = std::make_unique<RtnetlinkLinks>(std::move(kernel), std::move(monitor), -1);
        links_.clear();
        kernel_->tables[RTM_GETLINK].reply_type = RTM_NEWLINK;
        kernel_->tables[RTM_GETSTATS].reply_type = RTM_NEWSTATS;
        kernel_->tables[RTM_GETADDR].reply_type = RTM_NEWADDR;
        kernel_->tables[RTM_GETROUTE].reply_type = RTM_NEWROUTE;
    }

    /// The devices that the kernel has from now on, with this count of received bytes.
    void set_links(const std::vector<unsigned>& ifindexes, std::uint64_t rx_bytes) {
        rtnl_link_stats64 stats{};
        stats.rx_bytes = rx_bytes;
        kernel_->tables[RTM_GETLINK].payloads.clear();
        kernel_->tables[RTM_GETSTATS].payloads.clear();
        for (const unsigned ifindex : ifindexes) {
            kernel_->tables[RTM_GETLINK].payloads.push_back(link_message(
                {.ifindex = static_cast<int>(ifindex)},
                text(IFLA_IFNAME, "if" + std::to_string(ifindex)) + number(IFLA_STATS64, stats)));
            kernel_->tables[RTM_GETSTATS].payloads.push_back(
                stats_message(ifindex, number(IFLA_STATS_LINK_64, stats)));
        }
    }

    void notice(int type, Bytes payload) { notices_->script.emplace_back(message(type, 0, payload, 0)); }

    LinkReport read() {
        kernel_->requests.clear();
        auto report = reader_->read(links_);
        if (!report) {
            throw std::runtime_error(report.error().message);
        }
        return *report;
    }

    std::vector<std::uint32_t> ifindexes() const {
        std::vector<std::uint32_t> list;
        for (const LinkInfo& link : links_) {
            list.push_back(link.record.ifindex);
        }
        return list;
    }

    using Requests = std::vector<int>;
    using Indexes = std::vector<std::uint32_t>;

private slots:
    void init() { open(true); }

    void theFirstReadTakesEverythingAndLaterOnesOnlyCounters() {
        set_links({1, 2}, 100);
        read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE}));
        QCOMPARE(links_.at(1).record.stats.rx_bytes, std::uint64_t{100});
        set_links({1, 2}, 250);
        const auto report = read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETSTATS}));
        QCOMPARE(links_.at(0).record.stats.rx_bytes, std::uint64_t{250});
        QCOMPARE(links_.at(1).record.stats.rx_bytes, std::uint64_t{250});
        QVERIFY(report.deleted_is_complete);
        QCOMPARE(report.lost, std::uint64_t{0});
    }

    void linksAreSortedWhateverTheKernelsOrder() {
        set_links({9, 1, 4}, 100);
        read();
        QCOMPARE(ifindexes(), (Indexes{1, 4, 9}));
        set_links({9, 1, 4}, 200);
        read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETSTATS}));
        for (const LinkInfo& link : links_) {
            QCOMPARE(link.record.stats.rx_bytes, std::uint64_t{200});
        }
    }

    void addressesAndDefaultRoutesFindTheirLinks() {
        set_links({1, 2}, 0);
        kernel_->tables[RTM_GETADDR].payloads = {
            address_message(AF_INET, 24, 2, attribute(IFA_LOCAL, some_bytes("ab12"))),
            address_message(AF_INET, 24, 77, attribute(IFA_LOCAL, some_bytes("ab34")))};
        kernel_->tables[RTM_GETROUTE].payloads = {route_message(number(RTA_OIF, 2u)),
                                                  route_message(number(RTA_OIF, 77u))};
        read();
        QVERIFY(!links_.at(0).record.default_route && links_.at(0).record.addresses.empty());
        QVERIFY(links_.at(1).record.default_route);
        QCOMPARE(links_.at(1).record.addresses.size(), std::size_t{1});
        read();
        QCOMPARE(links_.at(1).record.addresses.size(), std::size_t{1});
    }

    void aNoticeBringsARereadOfWhatItIsAbout() {
        set_links({1, 2}, 0);
        read();
        notice(RTM_NEWADDR, address_message(AF_INET, 24, 2, {}));
        read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK, RTM_GETADDR}));
        notice(RTM_DELLINK, link_message({.ifindex = 2}, {}));
        set_links({1}, 0);
        const auto report = read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK, RTM_GETROUTE}));
        QCOMPARE(report.deleted, (Indexes{2}));
        QVERIFY(report.deleted_is_complete);
        QCOMPARE(ifindexes(), (Indexes{1}));
    }

    void addressesStayWhenOnlyLinksWereRead() {
        set_links({1, 2}, 0);
        kernel_->tables[RTM_GETADDR].payloads = {
            address_message(AF_INET, 24, 2, attribute(IFA_LOCAL, some_bytes("ab12")))};
        read();
        notice(RTM_NEWLINK, link_message({.ifindex = 1}, {}));
        read();
        QCOMPARE(links_.at(1).record.addresses.size(), std::size_t{1});
    }

    void aNoticeDuringTheReadBringsAnotherOne() {
        set_links({1, 2}, 0);
        read();
        kernel_->on_request = [this](int type) {
            if (type == RTM_GETSTATS) { // the device comes when its counters were passed already
                notice(RTM_NEWLINK, link_message({.ifindex = 3}, {}));
            } else {
                set_links({1, 2, 3}, 0);
            }
        };
        read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETSTATS, RTM_GETLINK, RTM_GETROUTE}));
        QCOMPARE(ifindexes(), (Indexes{1, 2, 3}));
    }

    void linksThatNeverComeToRestEndTheReadAndAreReported() {
        set_links({1}, 0);
        kernel_->on_request = [this](int) { notice(RTM_NEWLINK, link_message({.ifindex = 1}, {})); };
        const auto report = read();
        QCOMPARE(ifindexes(), (Indexes{1}));
        QVERIFY(report.detail.find("kept changing") != std::string::npos);
        kernel_->on_request = nullptr;
        QVERIFY(read().detail.find("kept changing") == std::string::npos);
    }

    void countersOfUnknownOrMissingLinksBringAReread_data() {
        QTest::addColumn<QList<unsigned>>("after");
        QTest::newRow("one more") << QList<unsigned>{1, 2, 3};
        QTest::newRow("one less") << QList<unsigned>{2};
        QTest::newRow("another one") << QList<unsigned>{1, 3};
        QTest::newRow("none") << QList<unsigned>{};
    }

    void countersOfUnknownOrMissingLinksBringAReread() {
        QFETCH(QList<unsigned>, after);
        set_links({1, 2}, 100);
        read();
        set_links({after.begin(), after.end()}, 200);
        read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETSTATS, RTM_GETLINK}));
        QCOMPARE(ifindexes(), Indexes(after.begin(), after.end()));
        for (const LinkInfo& link : links_) {
            QCOMPARE(link.record.stats.rx_bytes, std::uint64_t{200});
        }
    }

    void aKernelWithoutGetstatsIsAskedForLinks_data() {
        QTest::addColumn<int>("error");
        QTest::newRow("not supported") << EOPNOTSUPP;
        QTest::newRow("not known") << EINVAL;
        QTest::newRow("not allowed") << EACCES;
    }

    void aKernelWithoutGetstatsIsAskedForLinks() {
        QFETCH(int, error);
        kernel_->tables[RTM_GETSTATS].error = error;
        set_links({1}, 100);
        read();
        set_links({1}, 200);
        read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETSTATS, RTM_GETLINK}));
        QCOMPARE(links_.at(0).record.stats.rx_bytes, std::uint64_t{200});
        set_links({1}, 300);
        const auto report = read();
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK}));
        QCOMPARE(links_.at(0).record.stats.rx_bytes, std::uint64_t{300});
        QVERIFY(report.detail.find("RTM_GETLINK") != std::string::npos);
    }

    void interruptedDumpsAreReadAgain() {
        set_links({1}, 100);
        kernel_->tables[RTM_GETLINK].interrupted = 2;
        QVERIFY(read().detail.find("kept changing") == std::string::npos);
        QCOMPARE(kernel_->requests,
                 (Requests{RTM_GETLINK, RTM_GETLINK, RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE}));
        kernel_->tables[RTM_GETSTATS].interrupted = 1000;
        set_links({1}, 200);
        QVERIFY(read().detail.find("kept changing") != std::string::npos);
        QCOMPARE(links_.at(0).record.stats.rx_bytes, std::uint64_t{200});
    }

    void aDeviceToldOfTwiceIsOneLink() {
        set_links({1, 2, 2}, 100);
        read();
        QCOMPARE(ifindexes(), (Indexes{1, 2}));
    }

    void lostNoticesBringEverythingAndMakeDeletionsUnsure() {
        set_links({1}, 100);
        read();
        notices_->script = {ENOBUFS};
        QVERIFY(!read().deleted_is_complete);
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE}));
        QVERIFY(read().deleted_is_complete);
    }

    void aFailureIsFollowedByACompleteReadThatIsUnsureOfDeletions() {
        set_links({1}, 100);
        read();
        kernel_->tables[RTM_GETSTATS].error = ENOMEM;
        QVERIFY(!reader_->read(links_));
        kernel_->tables[RTM_GETSTATS].error = 0;
        QVERIFY(!read().deleted_is_complete);
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE}));
    }

    void withoutNoticesEverythingIsReadEachTime() {
        open(false);
        set_links({1}, 100);
        QVERIFY(!read().deleted_is_complete);
        QVERIFY(!read().deleted_is_complete);
        QCOMPARE(kernel_->requests, (Requests{RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE}));
    }

    void aDeniedDumpIsAnErrorWithItsErrno() {
        kernel_->tables[RTM_GETLINK].error = EPERM;
        const auto report = reader_->read(links_);
        QVERIFY(!report);
        QCOMPARE(report.error().code, EPERM);
    }

    void recordsThatAreNoLinksAreLostAndCounted() {
        set_links({1, 2}, 100);
        kernel_->tables[RTM_GETLINK].payloads.push_back(Buffer(3));
        QCOMPARE(read().lost, std::uint64_t{1});
        QCOMPARE(ifindexes(), (Indexes{1, 2}));
    }
};

QTEST_GUILESS_MAIN(RtnetlinkLinksTest)
#include "rtnetlink_links_test.moc"
