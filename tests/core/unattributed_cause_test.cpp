// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/unattributed_cause.hpp"

#include <QTest>

#include <algorithm>

using namespace sockledger;

namespace {

constexpr std::uint32_t own = 4026531840;
constexpr std::uint32_t other = 4026532000;
constexpr std::uint64_t little = 1000;
constexpr std::uint64_t much = 1'000'000;

Traffic exact(std::uint64_t rx_bytes, std::uint64_t tx_bytes = 0) {
    Traffic traffic;
    traffic.rx_bytes = rx_bytes;
    traffic.tx_bytes = tx_bytes;
    traffic.accuracy = Accuracy::Exact;
    return traffic;
}

/// A machine as far as causes are decided from it.
struct Machine {
    LinksReading links;
    std::vector<Interface> interfaces;

    Machine() { links.netns = own; }

    Interface& add(std::uint32_t ifindex, InterfaceKind kind, std::uint64_t rest, std::uint32_t netns = own) {
        Interface interface;
        interface.id = {netns, ifindex};
        interface.kind = kind;
        interface.up = true;
        interface.total = interface.unattributed = exact(rest);
        return interfaces.emplace_back(interface);
    }
    void peer_is_elsewhere(std::uint32_t ifindex) {
        LinkRecord link;
        link.ifindex = ifindex;
        link.peer_elsewhere = true;
        links.links.push_back(link);
    }
    QString cause(std::uint32_t ifindex) {
        explain_unattributed(links, interfaces);
        const auto found =
            std::ranges::find(interfaces, ifindex, [](const Interface& each) { return each.id.ifindex; });
        const std::string_view text = to_string(found->unattributed_cause);
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    }
};

} // namespace

class UnattributedCauseTest : public QObject {
    Q_OBJECT

private slots:
    void nothingRemains() {
        Machine machine;
        machine.links.forwarding = true;
        machine.add(2, InterfaceKind::Physical, 0).total = exact(much);
        QCOMPARE(machine.cause(2), "none");
    }

    void whatIsNotCountedHasNoOtherCause() {
        Machine machine;
        machine.links.forwarding = true;
        for (const Accuracy accuracy : {Accuracy::Partial, Accuracy::Estimated, Accuracy::Unavailable}) {
            machine.interfaces.clear();
            machine.add(2, InterfaceKind::Physical, much).unattributed.accuracy = accuracy;
            QCOMPARE(machine.cause(2), "not_counted");
        }
        machine.interfaces.clear();
        machine.add(2, InterfaceKind::Physical, 0).unattributed.accuracy = Accuracy::Unavailable;
        QCOMPARE(machine.cause(2), "not_counted");
    }

    void aLittleIsWhatTheKernelSaysByItself() {
        Machine machine;
        machine.links.forwarding = true;
        machine.add(2, InterfaceKind::Physical, little);
        QCOMPARE(machine.cause(2), "no_socket");
        machine.interfaces[0].unattributed = exact(much);
        machine.interfaces[0].total = exact(101 * much);
        QCOMPARE(machine.cause(2), "no_socket");
        machine.interfaces[0].total = exact(99 * much);
        QCOMPARE(machine.cause(2), "forwarded");
    }

    void aRouterForwards() {
        Machine machine;
        machine.add(2, InterfaceKind::Physical, much);
        QCOMPARE(machine.cause(2), "no_socket");
        machine.links.forwarding = true;
        QCOMPARE(machine.cause(2), "forwarded");
    }

    void whetherAnotherNamespaceForwardsIsNotKnown() {
        Machine machine;
        machine.links.forwarding = true;
        machine.add(2, InterfaceKind::Physical, much, other);
        QCOMPARE(machine.cause(2), "no_socket");
    }

    void portsOfBridgesAndBonds_data() {
        QTest::addColumn<int>("master");
        QTest::addColumn<QString>("cause");
        QTest::newRow("bridge") << int(InterfaceKind::Bridge) << "bridged";
        QTest::newRow("bond") << int(InterfaceKind::Bond) << "bridged";
        QTest::newRow("a VRF, which is no switch") << int(InterfaceKind::Other) << "no_socket";
    }

    void portsOfBridgesAndBonds() {
        QFETCH(int, master);
        QFETCH(QString, cause);
        Machine machine;
        machine.add(2, InterfaceKind::Veth, little).master = InterfaceId{own, 3};
        machine.add(3, static_cast<InterfaceKind>(master), 0);
        QCOMPARE(machine.cause(2), cause);
    }

    void aBridgeItselfRoutesOrFloods() {
        Machine machine;
        machine.add(3, InterfaceKind::Bridge, much);
        QCOMPARE(machine.cause(3), "bridged");
        machine.links.forwarding = true;
        QCOMPARE(machine.cause(3), "forwarded");
    }

    void aTrunkCarriesItsVlans() {
        Machine machine;
        machine.add(2, InterfaceKind::Physical, much);
        Interface& vlan = machine.add(3, InterfaceKind::Vlan, 0);
        vlan.lower = InterfaceId{own, 2};
        vlan.total = exact(much);
        QCOMPARE(machine.cause(2), "bridged");
        machine.interfaces[1].total = exact(much / 100);
        QCOMPARE(machine.cause(2), "no_socket");
    }

    void aVethOfAContainer() {
        Machine machine;
        machine.links.forwarding = true;
        machine.add(5, InterfaceKind::Veth, little);
        machine.peer_is_elsewhere(5);
        QCOMPARE(machine.cause(5), "other_netns");
    }

    void aVethThatHasTheDefaultRouteIsAnUplink() {
        Machine machine;
        machine.add(5, InterfaceKind::Veth, much).default_route = true;
        machine.peer_is_elsewhere(5);
        QCOMPARE(machine.cause(5), "no_socket");
        machine.links.forwarding = true;
        QCOMPARE(machine.cause(5), "forwarded");
    }

    void theContainersEndOfItHasItsOwnSockets() {
        Machine machine;
        machine.add(2, InterfaceKind::Veth, little, other);
        LinkRecord link;
        link.ifindex = 2;
        link.peer_elsewhere = true;
        machine.links.others.push_back({other, {}, {link}});
        QCOMPARE(machine.cause(2), "no_socket");
    }

    void tunnelsLeaveByTheDefaultRouteOrByTheirLowerDevice_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("lower");
        QTest::newRow("wireguard") << int(InterfaceKind::Wireguard) << false;
        QTest::newRow("vxlan") << int(InterfaceKind::Tunnel) << true;
        QTest::newRow("gre") << int(InterfaceKind::Tunnel) << false;
    }

    void tunnelsLeaveByTheDefaultRouteOrByTheirLowerDevice() {
        QFETCH(int, kind);
        QFETCH(bool, lower);
        Machine machine;
        machine.add(2, InterfaceKind::Physical, much).default_route = !lower;
        machine.add(3, InterfaceKind::Physical, much);
        Interface& tunnel = machine.add(4, static_cast<InterfaceKind>(kind), 0);
        tunnel.total = exact(much / 2, much / 3);
        if (lower)
            tunnel.lower = InterfaceId{own, 2};
        QCOMPARE(machine.cause(2), "encapsulated");
        QCOMPARE(machine.cause(3), "no_socket");
        QCOMPARE(machine.cause(4), "none");
        machine.interfaces[2].up = false;
        QCOMPARE(machine.cause(2), "no_socket");
    }

    void ofATunnelAndForwardingTheLargerIsTold() {
        Machine machine;
        machine.links.forwarding = true;
        machine.add(2, InterfaceKind::Physical, much).default_route = true;
        machine.add(3, InterfaceKind::Wireguard, 0).total = exact(much / 2);
        QCOMPARE(machine.cause(2), "encapsulated");
        machine.interfaces[1].total = exact(much / 10);
        QCOMPARE(machine.cause(2), "forwarded");
        machine.links.forwarding = false;
        QCOMPARE(machine.cause(2), "encapsulated");
    }

    void aTunnelOfAProgramHasASocket() {
        Machine machine;
        machine.add(2, InterfaceKind::Physical, much).default_route = true;
        machine.add(3, InterfaceKind::Tun, 0).total = exact(much);
        QCOMPARE(machine.cause(2), "no_socket");
    }

    void aTunnelThatWasMadeInAnotherNamespaceLeavesThere() {
        Machine machine;
        machine.add(2, InterfaceKind::Physical, much).default_route = true;
        machine.add(3, InterfaceKind::Wireguard, 0).total = exact(much);
        machine.peer_is_elsewhere(3);
        QCOMPARE(machine.cause(2), "no_socket");
    }

    void aTunnelOfAnotherNamespaceLeavesThere() {
        Machine machine;
        machine.add(2, InterfaceKind::Physical, much).default_route = true;
        machine.add(3, InterfaceKind::Wireguard, 0, other).total = exact(much);
        QCOMPARE(machine.cause(2), "no_socket");
    }
};

QTEST_GUILESS_MAIN(UnattributedCauseTest)
#include "unattributed_cause_test.moc"
