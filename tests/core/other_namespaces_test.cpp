// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;

namespace {

constexpr std::uint32_t eth = 2;
constexpr InterfaceId inside{other_netns, eth};

/// A machine with a container: each packet of `pid` inside passes the container's device.
struct Host : Script {
    Host() { link(eth, "").default_route = true; }

    LinkRecord& container(const std::string& name = {}) {
        LinkRecord link;
        link.ifindex = eth;
        link.name = "eth0";
        link.kind = "veth";
        link.type = 1;
        link.flags = 0x41;
        link.operstate = 6;
        link.born = 1;
        readings.links.others.push_back({other_netns, name, {link}});
        return device();
    }
    LinkRecord& device() { return readings.links.others.at(0).links.at(0); }
    void receive_inside(std::uint32_t pid, std::uint64_t count, std::uint64_t bytes) {
        row(pid, inside).rx_packets += count;
        row(pid, inside).rx_bytes += count * bytes;
        device().stats.rx_packets += count;
        device().stats.rx_bytes += count * (bytes + 14);
    }
    void contain(std::uint32_t pid, const std::string& name) {
        process(pid, "/usr/bin/web");
        readings.apps.decided = {{id(pid), {"container:" + name, name, {}}}};
    }
};

} // namespace

/// Interfaces of namespaces beside the engine's own.
class OtherNamespacesTest : public QObject {
    Q_OBJECT

private slots:
    void theirInterfacesHaveBooksAndNoPartInTheTotal() {
        Host host;
        host.container("blue");
        host.device().stats.rx_bytes = 5'000'000; // before we began
        host.process(100, "/usr/bin/web");
        host.sample();
        host.receive_inside(100, 10, 986);
        host.device_receives(eth, 3, 86);
        const SnapshotPtr snapshot = host.sample();
        const Interface* interface = snapshot->interface(inside);
        QVERIFY(interface);
        QCOMPARE(interface->name, std::string("eth0"));
        QCOMPARE(interface->netns_name, std::string("blue"));
        QCOMPARE(interface->total.rx_bytes, 10'000u); // with the link headers of its device
        QCOMPARE(interface->apps.rx_bytes, 10'000u);
        QCOMPARE(interface->unattributed.rx_bytes, 0u);
        QVERIFY(interface->unattributed_cause == UnattributedCause::None);
        QCOMPARE(snapshot->app("exe:/usr/bin/web")->traffic.rx_bytes, 10'000u);
        QCOMPARE(snapshot->total.rx_bytes, 300u);
        QCOMPARE(snapshot->total_of, (std::vector<InterfaceId>{{own_netns, eth}}));
        QCOMPARE(snapshot->interface({own_netns, eth})->netns_name, std::string());
    }

    void withoutADefaultRouteTheyAreNoPartOfTheTotalEither() {
        Host host;
        host.link(eth).default_route = false;
        host.container();
        QCOMPARE(host.sample()->total_of, (std::vector<InterfaceId>{{own_netns, eth}}));
    }

    void aNamespaceThatWasMadeLaterCountsFromItsBirth() {
        Host host;
        host.sample();
        host.container();
        host.process(100, "/usr/bin/web");
        host.receive_inside(100, 10, 986);
        host.device().stats.rx_bytes += 42; // ARP
        host.device().stats.rx_packets += 1;
        host.sample();
        const SnapshotPtr snapshot = host.sample();
        const Interface* interface = snapshot->interface(inside);
        QCOMPARE(interface->total.rx_bytes, 10'042u);
        QCOMPARE(interface->apps.rx_bytes, 10'000u);
        QCOMPARE(interface->unattributed.rx_bytes, 42u);
        QVERIFY(interface->unattributed_cause == UnattributedCause::NoSocket);
    }

    void aNamespaceThatIsGoneLeavesItsBytesWithTheApp() {
        Host host;
        host.container();
        host.process(100, "/usr/bin/web");
        host.sample();
        host.receive_inside(100, 10, 986);
        host.sample();
        host.readings.links.others.clear();
        host.remove_rows(100);
        const SnapshotPtr snapshot = host.sample();
        QVERIFY(!snapshot->interface(inside));
        QCOMPARE(snapshot->app("exe:/usr/bin/web")->by_interface.at(inside).rx_bytes, 10'000u);
    }

    void aNamespaceWithoutNameIsCalledAfterItsContainer() {
        Host host;
        host.container();
        host.contain(100, "web");
        host.sample();
        host.receive_inside(100, 1, 986);
        QCOMPARE(host.sample()->interface(inside)->netns_name, std::string("web"));
        host.readings.links.others.at(0).name = "blue";
        QCOMPARE(host.sample()->interface(inside)->netns_name, std::string("blue"));
    }

    void aNamespaceOfSeveralContainersIsCalledAfterNone() {
        Host host;
        host.container();
        host.contain(100, "web");
        host.receive_inside(100, 1, 986);
        host.sample();
        host.contain(101, "sidecar");
        host.receive_inside(101, 1, 986);
        QCOMPARE(host.sample()->interface(inside)->netns_name, std::string());
    }

    void programsOfTheHostGiveNoName() {
        Host host;
        host.container();
        host.process(100, "/usr/bin/proxy");
        host.receive_inside(100, 1, 986);
        QCOMPARE(host.sample()->interface(inside)->netns_name, std::string());
    }

    void aContainerInOurOwnNamespaceGivesItNoName() {
        Host host;
        host.contain(100, "web");
        host.receive(100, eth, 1, 986);
        QCOMPARE(host.sample()->interface({own_netns, eth})->netns_name, std::string());
    }
};

QTEST_GUILESS_MAIN(OtherNamespacesTest)
#include "other_namespaces_test.moc"
