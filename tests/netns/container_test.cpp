// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"
#include "kernel/cgroup2_mount.hpp"
#include "kernel/netlink_socket.hpp"
#include "live_engine.hpp"
#include "samplers/links.hpp"
#include "support/command.hpp"
#include "support/peer.hpp"
#include "support/require.hpp"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// The control group of a container, as its engine makes it.
class ContainerGroup {
public:
    ContainerGroup() {
        const auto mount = cgroup2_mount();
        if (!mount)
            throw std::runtime_error(mount.error().message);
        root_ = *mount;
        path_ = root_ + "/docker-" + id() + std::string(52, '5') + ".scope";
        std::filesystem::create_directory(path_);
    }
    ~ContainerGroup() {
        std::error_code ignored; // a process of it may be dying still
        std::filesystem::remove(path_, ignored);
    }
    /// The short one, by which a container without a name is called.
    static std::string id() { return std::to_string(500'000'000'000 + getpid()); }

    /// What `start` starts lives in the container.
    template<typename Start>
    auto run(Start start) const {
        move(path_);
        auto started = start();
        move(root_);
        return started;
    }

private:
    static void move(const std::string& group) { std::ofstream(group + "/cgroup.procs") << getpid(); }
    std::string root_;
    std::string path_;
};

/// This process keeps these capabilities alone, as another user.
void become_daemon(const std::vector<int>& capabilities) {
    checked(prctl(PR_SET_KEEPCAPS, 1), "PR_SET_KEEPCAPS");
    checked(setresgid(65534, 65534, 65534), "setresgid");
    checked(setresuid(65534, 65534, 65534), "setresuid");
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
    for (const int capability : capabilities) {
        sets[capability / 32].effective |= 1U << capability % 32;
        sets[capability / 32].permitted |= 1U << capability % 32;
    }
    checked(syscall(SYS_capset, &header, sets), "capset");
}

/// A program in `inside` sends to one in `outside`.
class Transfer {
public:
    Transfer(const VethEnd& inside, const VethEnd& outside)
        : server_(*outside.space, {"tcp-bulk", "server", "local=" + outside.ipv4, "bytes=1000000"}) {
        server_.ready();
        client_ = std::make_unique<Peer>(
            *inside.space,
            std::vector<std::string>{"tcp-bulk", "client", "peer=" + outside.ipv4, "bytes=1000000"});
        client_->ready();
    }
    void play() { exchange(*client_, server_); }
    void leave() { leave_together({client_.get(), &server_}); }
    pid_t client() const { return client_->pid(); }

private:
    Peer server_;
    std::unique_ptr<Peer> client_;
};

bool wait_for_deletion(NetlinkSocket& notices) {
    pollfd waiting{notices.fd(), POLLIN, 0};
    std::vector<std::byte> buffer;
    bool deleted = false;
    while (!deleted && poll(&waiting, 1, 10'000) == 1) {
        const auto size = notices.receive(buffer);
        for_each_message(Bytes(buffer).first(size ? *size : 0),
                         [&](const nlmsghdr& header, Bytes) { deleted |= header.nlmsg_type == RTM_DELNSID; });
    }
    return deleted;
}

const NamespaceLinks* find(const LinksReading& links, std::uint32_t netns) {
    const auto found = std::ranges::find(links.others, netns, &NamespaceLinks::netns);
    return found == links.others.end() ? nullptr : &*found;
}

} // namespace

/// Network namespaces beside the engine's own: what moves there is counted there.
class ContainerTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns", "bpf"); }

    void aContainersBytesAreItsAppsOnItsInterface() {
        const Namespace host, container;
        const VethPair link(container, host);
        turn_ipv6_off(link);
        link.set_offloads(Offloads::Off);
        host.ip({"route", "add", "default", "via", link.left().ipv4}); // the total is of this link
        const ContainerGroup group;
        auto transfer = group.run([&] { return std::make_unique<Transfer>(link.left(), link.right()); });
        auto engine = open_engine(host);
        QVERIFY(engine && engine->sample());
        const DeviceCounters before = link.left().counters();
        transfer->play();
        QVERIFY(link.wait_until_quiet());
        const auto result = engine->sample();
        QVERIFY(result);
        const Snapshot& snapshot = **result;

        const Interface* inside = interface_of(snapshot, link.left());
        QVERIFY(inside);
        QVERIFY(inside->id.netns != snapshot.netns);
        QCOMPARE(inside->netns_name, group.id());
        QVERIFY(std::ranges::any_of(inside->addresses, [&](const InterfaceAddress& address) {
            return address.address == link.left().ipv4;
        }));
        COMPARE_COUNTERS(counters(inside->total), without_drops(link.left().counters() - before));
        COMPARE_COUNTERS(counters(inside->apps), counters(inside->total));
        COMPARE_COUNTERS(counters(inside->unattributed), DeviceCounters{});
        QVERIFY(inside->unattributed_cause == UnattributedCause::None);

        // Both programs were started in the container; each end of the link is counted at its own.
        const App* app = snapshot.app("container:" + group.id());
        QVERIFY(app);
        COMPARE_COUNTERS(counters(app->by_interface.at(inside->id)), counters(inside->total));
        const Interface* outside = interface_of(snapshot, link.right());
        QVERIFY(outside);
        QCOMPARE(app->traffic.tx_bytes, inside->apps.tx_bytes + outside->apps.tx_bytes);
        QCOMPARE(outside->netns_name, std::string());

        QCOMPARE(snapshot.total_of, std::vector<InterfaceId>{outside->id});
        COMPARE_COUNTERS(counters(snapshot.total), counters(outside->total));
        transfer->leave();
    }

    /// Its first packets and its link are met in the same sample, and count from the link's birth.
    void aContainerMadeLaterIsCountedFromItsBeginning() {
        const Namespace host;
        auto engine = open_engine(host);
        QVERIFY(engine && engine->sample());
        const Namespace container;
        const VethPair link(container, host);
        turn_ipv6_off(link);
        link.set_offloads(Offloads::Off);
        Transfer transfer(link.left(), link.right());
        transfer.play();
        QVERIFY(link.wait_until_quiet());
        QVERIFY(engine->sample());
        const auto snapshot = engine->sample(); // a remainder counts when it is there twice
        QVERIFY(snapshot);
        const Interface* inside = interface_of(**snapshot, link.left());
        QVERIFY(inside);
        COMPARE_COUNTERS(counters(inside->total), without_drops(link.left().counters()));
        QVERIFY(inside->apps.tx_bytes > 1'000'000);
        QCOMPARE(inside->apps.rx_bytes + inside->kernel.rx_bytes + inside->unattributed.rx_bytes,
                 inside->total.rx_bytes);
        // Reports of multicast groups may be sent, and dropped, before the other end is up.
        QVERIFY(inside->apps.tx_bytes + inside->unattributed.tx_bytes <= inside->total.tx_bytes);
        QVERIFY(inside->apps.tx_bytes + inside->kernel.tx_bytes + inside->unattributed.tx_bytes >=
                inside->total.tx_bytes);
        transfer.leave();
    }

    void aNamespaceIsNotKeptAliveAndLeavesTheReading() {
        const Namespace host;
        auto notices = host.run([] {
            constexpr unsigned nsid = 1U << (RTNLGRP_NSID - 1);
            return NetlinkSocket::subscribe(NETLINK_ROUTE, nsid);
        });
        QVERIFY(notices);
        const auto source = host.run(make_links_source);
        std::optional<Namespace> container(std::in_place);
        const std::uint32_t inum = container->inum();
        container->ip({"link", "add", "a0", "type", "veth", "peer", "name", "b0"});
        container->ip({"link", "set", "a0", "up"});
        std::optional<Peer> inside(
            std::in_place, *container,
            std::vector<std::string>{"tcp-bulk", "server", "local=127.0.0.1", "peer=127.0.0.1"});
        inside->ready();
        Readings readings;
        source->read(readings);
        QVERIFY(find(readings.links, inum));

        inside.reset();
        container.reset();
        SourceStatus status;
        do { // other namespaces of the machine may end too
            QVERIFY(wait_for_deletion(*notices));
            readings = {};
            status = source->read(readings);
        } while (find(readings.links, inum));
        QVERIFY2(status.detail.find("namespace") == std::string::npos, status.detail.c_str());
    }

    void theNameOfIpNetnsIsTold() {
        const std::string name = "sockledger-test-" + std::to_string(getpid());
        run_command({"ip", "netns", "add", name});
        run_command({"ip", "-n", name, "link", "add", "a0", "type", "veth", "peer", "name", "b0"});
        run_command({"ip", "-n", name, "link", "set", "a0", "up"});
        Readings readings;
        make_links_source()->read(readings);
        run_command({"ip", "netns", "delete", name});
        const auto named = std::ranges::find(readings.links.others, name, &NamespaceLinks::name);
        QVERIFY(named != readings.links.others.end());
        QCOMPARE(named->links.size(), std::size_t(3));
    }

    void theDaemonsCapabilitiesAreEnough() {
        const Namespace host, container;
        const VethPair link(container, host);
        turn_ipv6_off(link);
        Peer inside(container, {"tcp-bulk", "server", "local=" + link.left().ipv4});
        inside.ready();
        const auto ask = [&](const std::vector<int>& capabilities) {
            return Child::ask([&](const Child::Say& say) {
                host.run([&] {
                    become_daemon(capabilities);
                    Readings readings;
                    const SourceStatus status = make_links_source()->read(readings);
                    const NamespaceLinks* found = find(readings.links, container.inum());
                    say(found ? found->links.back().name : status.detail);
                });
            });
        };
        const auto [enough, name] = ask({CAP_NET_ADMIN, CAP_SYS_PTRACE});
        QCOMPARE(enough, 0);
        QCOMPARE(name, link.left().device);
        const auto [less, detail] = ask({CAP_SYS_PTRACE});
        QCOMPARE(less, 0);
        QVERIFY2(detail.find("need CAP_NET_ADMIN and CAP_SYS_PTRACE") != std::string::npos, detail.c_str());
        const auto [none, nothing] = ask({});
        QCOMPARE(none, 0);
        QVERIFY2(nothing.starts_with("interface counters by netlink"), nothing.c_str());
        inside.leave();
    }
};

QTEST_GUILESS_MAIN(ContainerTest)
#include "container_test.moc"
