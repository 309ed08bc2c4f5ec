// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/netns.hpp"
#include "kernel/proc_links.hpp"
#include "kernel/rtnetlink_links.hpp"
#include "netns/links_scene.hpp"
#include "samplers/links_source.hpp"
#include "support/checked.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"

#include <QTest>

#include <arpa/inet.h>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>

using namespace sockledger;
using namespace sockledger::test;

/// Links of a live kernel. Each test has a new network namespace, with its own sysfs, and runs by
/// netlink and by /proc.
class LinksTest : public QObject {
    Q_OBJECT

    std::unique_ptr<LinksSource> source_;
    std::unique_ptr<NetlinkSocket> notices_;
    Readings readings_;

    static LinksSource::Reader open_reader() {
        QFETCH(bool, netlink);
        return netlink ? RtnetlinkLinks::open() : ProcLinks::open();
    }

    static void both_readers() {
        QTest::addColumn<bool>("netlink");
        QTest::newRow("netlink") << true;
        QTest::newRow("proc") << false;
    }

    void read() {
        const auto status = source_->read(readings_);
        QVERIFY2(status.accuracy == Accuracy::Exact, status.detail.c_str());
        QCOMPARE(status.lost_events, std::uint64_t{0});
        QVERIFY2(status.detail.find("kept changing") == std::string::npos, status.detail.c_str());
    }

    /// The link of this name as of the last read; one without index when there is none.
    LinkRecord link(const std::string& name) const { return link_named(readings_.links.links, name); }

    /// Reads until `condition` holds. The kernel brings carriers about some time after the command, and
    /// gives notice then.
    bool becomes(const std::function<bool()>& condition) {
        for (int notices = 0; notices < 100; ++notices) {
            read();
            if (condition()) {
                return true;
            }
            pollfd poll_fd{notices_->fd(), POLLIN, 0};
            poll(&poll_fd, 1, 5000);
            std::vector<std::byte> notice;
            (void)notices_->receive(notice);
        }
        return false;
    }

    bool woken() const {
        pollfd poll_fd{source_->wake_fd(), POLLIN, 0};
        return poll(&poll_fd, 1, 0) == 1;
    }

    /// Seven datagrams of 128 bytes with their IP header.
    static void send_over_loopback() {
        const UniqueFd receiver(checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(7777);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* to = reinterpret_cast<const sockaddr*>(&address);
        checked(bind(receiver.get(), to, sizeof address), "bind");
        const UniqueFd sender(checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        const std::array<char, 100> payload{};
        for (int i = 0; i < 7; ++i) {
            checked(sendto(sender.get(), payload.data(), payload.size(), 0, to, sizeof address), "sendto");
        }
    }

    static std::uint64_t in_sysfs(const std::string& name, const std::string& file) {
        std::ifstream stream("/sys/class/net/" + name + "/" + file);
        std::uint64_t value = 0;
        stream >> std::setbase(0) >> value;
        return value;
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "tun");
        checked(unshare(CLONE_NEWNS), "unshare");
        checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount private");
    }

    void init() {
        checked(unshare(CLONE_NEWNET), "unshare");
        umount2("/sys", MNT_DETACH);
        checked(mount("sysfs", "/sys", "sysfs", 0, nullptr), "mount sysfs");
        auto notices = LinkMonitor::subscribe();
        QVERIFY2(notices.has_value(), notices ? "" : notices.error().message.c_str());
        notices_ = std::make_unique<NetlinkSocket>(std::move(*notices));
        std::vector<LinksSource::Reader> readers;
        readers.push_back(open_reader());
        source_ = std::make_unique<LinksSource>(std::move(readers), current_netns());
        readings_ = {};
    }

    void everyKindOfLinkIsRead_data() { both_readers(); }
    void everyKindOfLinkIsRead() {
        QFETCH(bool, netlink);
        const Namespace elsewhere;
        run_ip(links_scene(elsewhere.path()));
        read();
        const auto faults =
            scene_faults(readings_.links.links, netlink ? SceneView::Netlink : SceneView::Proc);
        QVERIFY2(faults.empty(), faults.c_str());
    }

    void linksComeAndGoUnderTheirOwnNames_data() { both_readers(); }
    void linksComeAndGoUnderTheirOwnNames() {
        read();
        QCOMPARE(readings_.links.links.size(), std::size_t{1});
        run_ip({"link add a0 type veth peer name b0"});
        read();
        const auto a0 = link("a0");
        QVERIFY(a0.ifindex != 0 && link("b0").ifindex != 0);
        run_ip({"link set a0 name c0"});
        read();
        QCOMPARE(link("c0").ifindex, a0.ifindex);
        QCOMPARE(link("c0").born, a0.born);
        QCOMPARE(link("a0").ifindex, 0u);
        run_ip({"link del c0"});
        read();
        QCOMPARE(readings_.links.links.size(), std::size_t{1});
    }

    void aNewDeviceOfAnOldNameIsAnotherOne_data() { both_readers(); }
    void aNewDeviceOfAnOldNameIsAnotherOne() {
        run_ip({"link add a0 type veth peer name b0"});
        read();
        const auto before = link("a0");
        run_ip({"link del a0", "link add a0 type veth peer name b0"});
        read();
        QVERIFY(link("a0").ifindex != before.ifindex);
        QVERIFY(link("a0").born != before.born);
    }

    void aNewDeviceOfAnOldIndexIsAnotherOne_data() {
        QTest::addColumn<bool>("netlink"); // sysfs cannot tell them apart before they counted anything
        QTest::newRow("netlink") << true;
    }
    void aNewDeviceOfAnOldIndexIsAnotherOne() {
        const std::string make = "link add a0 index 77 address 02:00:00:00:00:01 type veth peer name b0";
        run_ip({make});
        read();
        const auto before = link("a0");
        run_ip({"link del a0", make});
        read();
        QCOMPARE(link("a0").ifindex, before.ifindex);
        QVERIFY(link("a0").born != before.born);
    }

    void whatHappensToADeviceLeavesItTheSame_data() { both_readers(); }
    void whatHappensToADeviceLeavesItTheSame() {
        const Namespace elsewhere;
        run_ip({"link add a0 type veth peer name b0", "link add br0 type bridge", "link set a0 up"});
        read();
        const auto before = link("a0");
        run_ip({"link set a0 master br0"});
        read();
        QCOMPARE(link("a0").master, link("br0").ifindex);
        run_ip({"link set a0 nomaster", "link set a0 down", "link set a0 address 02:00:00:00:00:99"});
        read();
        QCOMPARE(link("a0").master, 0u);
        QCOMPARE(link("a0").born, before.born);
        // Away and back between two reads.
        run_ip({"link set a0 netns " + elsewhere.path()});
        elsewhere.ip({"link", "set", "a0", "netns", "/proc/" + std::to_string(getpid()) + "/ns/net"});
        read();
        QCOMPARE(link("a0").ifindex, before.ifindex);
        QCOMPARE(link("a0").born, before.born);
    }

    void linksGoDownAndUp_data() { both_readers(); }
    void linksGoDownAndUp() {
        constexpr std::uint8_t oper_down = 2;
        constexpr std::uint8_t oper_up = 6;
        run_ip({"link add a0 type veth peer name b0", "link set a0 up", "link set b0 up"});
        QVERIFY(becomes([&] { return link("a0").operstate == oper_up; }));
        run_ip({"link set b0 down"});
        QVERIFY(becomes([&] { return link("a0").operstate != oper_up; })); // up for its user, but no carrier
        QCOMPARE(link("a0").flags & 1u, 1u);
        QCOMPARE(link("b0").operstate, oper_down);
        QCOMPARE(link("b0").flags & 1u, 0u);
    }

    void theDefaultRouteIsFollowed_data() { both_readers(); }
    void theDefaultRouteIsFollowed() {
        run_ip({"link add a0 type veth peer name b0", "link set a0 up", "link set b0 up",
                "address add 192.0.2.1/24 dev a0", "address add 198.51.100.1/24 dev b0"});
        read();
        QVERIFY(!link("a0").default_route && !link("b0").default_route);
        run_ip({"route add default via 192.0.2.254"});
        read();
        QVERIFY(link("a0").default_route && !link("b0").default_route);
        run_ip({"route replace default via 198.51.100.254"});
        read();
        QVERIFY(!link("a0").default_route && link("b0").default_route);
        run_ip({"link set b0 down"}); // the kernel drops the route and says nothing of it
        read();
        QVERIFY(!link("b0").default_route);
    }

    void addressesAreFollowed_data() {
        QTest::addColumn<bool>("netlink");
        QTest::newRow("netlink") << true;
    }
    void addressesAreFollowed() {
        run_ip({"link add a0 type veth peer name b0"});
        read();
        QVERIFY(link("a0").addresses.empty());
        run_ip({"address add 192.0.2.1/24 dev a0", "address add 2001:db8::1/64 dev a0 nodad"});
        read();
        QCOMPARE(link("a0").addresses,
                 (std::vector<InterfaceAddress>{{"192.0.2.1", 24}, {"2001:db8::1", 64}}));
        run_ip({"address del 192.0.2.1/24 dev a0"});
        read();
        QCOMPARE(link("a0").addresses, (std::vector<InterfaceAddress>{{"2001:db8::1", 64}}));
    }

    void aChangeWakes_data() {
        QTest::addColumn<bool>("netlink");
        QTest::newRow("netlink") << true;
    }
    void aChangeWakes() {
        run_ip({"link add a0 type veth peer name b0", "link set a0 up", "link set b0 up"});
        read();
        const std::vector<std::string> changes{
            "address add 192.0.2.1/24 dev a0",
            "route add default via 192.0.2.254",
            "link set a0 down",
            "link set a0 name c0",
            "link del c0",
        };
        for (const std::string& change : changes) {
            QVERIFY2(!woken(), change.c_str());
            run_ip({change});
            QVERIFY2(woken(), change.c_str());
            read();
        }
        run_ip({"link set lo up"});
        read();
        run_ip({"route add 203.0.113.0/24 dev lo"}); // no default route: nobody's business
        QVERIFY(!woken());
    }

    void lostNoticesAreMadeGood_data() { addressesAreFollowed_data(); }
    void lostNoticesAreMadeGood() {
        read();
        const int least = 0; // the kernel makes it a few notices
        checked(setsockopt(source_->wake_fd(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least), "setsockopt");
        std::vector<std::string> make;
        for (int i = 0; i < 30; ++i) {
            const std::string number = std::to_string(i);
            make.push_back("link add a" + number + " type veth peer name b" + number);
            make.push_back("address add 192.0.2." + number + "/24 dev a" + number);
        }
        run_ip(make);
        read();
        QCOMPARE(readings_.links.links.size(), std::size_t{61});
        QCOMPARE(link("a29").addresses, (std::vector<InterfaceAddress>{{"192.0.2.29", 24}}));
        QVERIFY(!woken());
    }

    void netlinkKeepsTheNamespaceThatItWasOpenedIn_data() { addressesAreFollowed_data(); }
    void netlinkKeepsTheNamespaceThatItWasOpenedIn() {
        run_ip({"link add a0 type veth peer name b0"});
        checked(unshare(CLONE_NEWNET), "unshare");
        read();
        QVERIFY(link("a0").ifindex != 0);
    }

    void aThousandLinksAreReadCompletelyAndAsSysfsHasThem_data() { both_readers(); }
    void aThousandLinksAreReadCompletelyAndAsSysfsHasThem() {
        constexpr int pairs = 600;
        read();
        std::vector<std::string> make{"link set lo up"};
        for (int i = 0; i < pairs; ++i) {
            const std::string number = std::to_string(i);
            make.push_back("link add a" + number + " mtu " + std::to_string(1000 + i) +
                           " type veth peer name b" + number);
        }
        run_ip(make);
        read();
        send_over_loopback();
        read(); // by RTM_GETSTATS
        QCOMPARE(readings_.links.links.size(), std::size_t{2 * pairs + 1});
        for (const LinkRecord& record : readings_.links.links) {
            QCOMPARE(record.ifindex, in_sysfs(record.name, "ifindex"));
            QCOMPARE(record.mtu, in_sysfs(record.name, "mtu"));
            QCOMPARE(record.type, in_sysfs(record.name, "type"));
            QCOMPARE(record.stats.rx_bytes, in_sysfs(record.name, "statistics/rx_bytes"));
            QCOMPARE(record.stats.tx_packets, in_sysfs(record.name, "statistics/tx_packets"));
        }
        QCOMPARE(link("lo").stats.rx_bytes, std::uint64_t{7 * 128});
        QCOMPARE(link("lo").stats.tx_bytes, std::uint64_t{7 * 128});
        QCOMPARE(link("lo").stats.tx_packets, std::uint64_t{7});
    }
};

QTEST_GUILESS_MAIN(LinksTest)
#include "links_test.moc"
