// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"
#include "engine/total_of.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

Interface up(std::uint32_t ifindex, InterfaceKind kind) {
    Interface interface;
    interface.id = {own_netns, ifindex};
    interface.kind = kind;
    interface.up = true;
    interface.loopback = kind == InterfaceKind::Loopback;
    return interface;
}

std::vector<std::uint32_t> selected(const std::vector<Interface>& interfaces) {
    std::vector<const Interface*> pointers;
    for (const Interface& interface : interfaces) {
        pointers.push_back(&interface);
    }
    std::vector<std::uint32_t> indices;
    for (const InterfaceId& id : select_total_of(pointers)) {
        indices.push_back(id.ifindex);
    }
    return indices;
}

using Indices = std::vector<std::uint32_t>;

} // namespace

class TotalOfTest : public QObject {
    Q_OBJECT

private slots:
    void theDefaultRouteIsTheTotal() {
        Interface eth = up(2, InterfaceKind::Physical);
        eth.default_route = true;
        QCOMPARE(selected({up(1, InterfaceKind::Loopback), eth, up(3, InterfaceKind::Bridge)}), Indices{2});
    }

    void twoUplinksAddUp() {
        Interface eth = up(2, InterfaceKind::Physical);
        Interface wifi = up(3, InterfaceKind::Physical);
        eth.default_route = wifi.default_route = true;
        QCOMPARE(selected({eth, wifi}), (Indices{2, 3}));
    }

    void aTunnelAndItsUnderlayAreNotBothCounted() {
        Interface eth = up(2, InterfaceKind::Physical);
        Interface tunnel = up(3, InterfaceKind::Wireguard);
        eth.default_route = tunnel.default_route = true;
        QCOMPARE(selected({eth, tunnel}), Indices{2});
        eth.default_route = false;
        QCOMPARE(selected({eth, tunnel}), Indices{3});
    }

    void aVlanAndItsTrunkAreNotBothCounted() {
        Interface eth = up(2, InterfaceKind::Physical);
        Interface vlan = up(3, InterfaceKind::Vlan);
        vlan.lower = eth.id;
        eth.default_route = vlan.default_route = true;
        QCOMPARE(selected({eth, vlan}), Indices{2});
    }

    void withoutDefaultRouteAllThatIsUpAndRidesOnNoOther() {
        Interface down = up(3, InterfaceKind::Physical);
        down.up = false;
        Interface port = up(4, InterfaceKind::Veth);
        port.master = InterfaceId{own_netns, 5};
        Interface vlan = up(6, InterfaceKind::Vlan);
        vlan.lower = InterfaceId{own_netns, 2};
        Interface abroad = up(7, InterfaceKind::Macvlan);
        abroad.lower = InterfaceId{own_netns, 99}; // not in the list
        QCOMPARE(selected({up(1, InterfaceKind::Loopback), up(2, InterfaceKind::Physical), down, port,
                           up(5, InterfaceKind::Bridge), vlan, abroad}),
                 (Indices{2, 5, 7}));
        QCOMPARE(selected({}), Indices{});
    }

    void theTotalFollowsTheRouteAndNeitherFallsNorLeaps() {
        Script script;
        script.link(2, "").default_route = true;
        script.link(3, "");
        script.sample();
        script.device_receives(2, 10, 86);
        script.device_receives(3, 500, 86);
        SnapshotPtr snapshot = script.sample();
        QCOMPARE(snapshot->total.rx_bytes, 1000u);
        QCOMPARE(snapshot->total.rx_rate, 1000.0);
        QCOMPARE(snapshot->total_of, (std::vector<InterfaceId>{{own_netns, 2}}));

        script.link(2).default_route = false;
        script.link(3).default_route = true;
        script.device_receives(3, 1, 86);
        snapshot = script.sample();
        QCOMPARE(snapshot->total.rx_bytes, 1100u);
        QCOMPARE(snapshot->total.rx_rate, 100.0);

        script.remove_link(3);
        script.link(2).default_route = true;
        QCOMPARE(script.sample()->total.rx_bytes, 1100u);
    }
};

QTEST_GUILESS_MAIN(TotalOfTest)
#include "total_of_test.moc"
