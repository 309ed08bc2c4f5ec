// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "live_engine.hpp"
#include "support/peer.hpp"
#include "support/require.hpp"

#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;

/// A container behind a bridge, whose host routes its packets to the world, as container engines set it
/// up: the bytes pass four devices and are one application's.
class ForwardingTest : public QObject {
    Q_OBJECT

    struct Machine {
        Namespace container, host, world;
        VethPair inner{container, host, 0};
        VethPair uplink{host, world, 1};

        Machine() {
            turn_ipv6_off(inner);
            turn_ipv6_off(uplink);
            inner.set_offloads(Offloads::Off);
            uplink.set_offloads(Offloads::Off);
            const VethEnd& port = inner.right();
            host.sysctl("net/ipv4/ip_forward", "1");
            host.ip({"link", "add", "br0", "address", port.mac, "type", "bridge", "mcast_snooping", "0"});
            host.ip({"address", "flush", "dev", port.device});
            host.ip({"link", "set", port.device, "master", "br0"});
            host.ip({"address", "add", port.ipv4 + "/24", "dev", "br0"});
            host.ip({"link", "set", "br0", "up"});
            host.ip({"neighbour", "replace", inner.left().ipv4, "lladdr", inner.left().mac, "dev", "br0",
                     "nud", "permanent"});
            host.ip({"route", "add", "default", "via", uplink.right().ipv4});
            container.ip({"route", "add", "default", "via", port.ipv4});
            world.ip({"route", "add", "192.0.2.0/24", "via", uplink.left().ipv4});
        }
        bool wait_until_quiet() const { return inner.wait_until_quiet() && uplink.wait_until_quiet(); }
    };

    static const Interface* named(const Snapshot& snapshot, const std::string& name) {
        const auto found = std::ranges::find_if(snapshot.interfaces, [&](const Interface& interface) {
            return interface.name == name && interface.id.netns == snapshot.netns;
        });
        return found == snapshot.interfaces.end() ? nullptr : &*found;
    }

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns", "bpf"); }

    void eachByteIsItsAppsOnceAndTheUplinkSaysForwarded() {
        const Machine machine;
        QVERIFY(machine.wait_until_quiet());
        const QTemporaryDir directory;
        const std::string program = directory.filePath("app").toStdString();
        copy_traffic_peer(program);
        const std::string world = machine.uplink.right().ipv4;
        Peer server(machine.world, {"tcp-bulk", "server", "local=" + world, "bytes=1000000"});
        server.ready();
        Peer client(machine.container, program, {"tcp-bulk", "client", "peer=" + world, "bytes=1000000"});
        client.ready();
        auto engine = open_engine(machine.host);
        QVERIFY(engine && engine->sample());
        const DeviceCounters before = machine.inner.left().counters();
        const DeviceCounters uplink_before = machine.uplink.left().counters();
        exchange(client, server);
        QVERIFY(machine.wait_until_quiet());
        QVERIFY(engine->sample()); // a remainder counts when it is there twice
        const auto result = engine->sample();
        QVERIFY(result);
        const Snapshot& snapshot = **result;

        const Interface* inside = interface_of(snapshot, machine.inner.left());
        QVERIFY(inside);
        COMPARE_COUNTERS(counters(inside->total), without_drops(machine.inner.left().counters() - before));
        COMPARE_COUNTERS(counters(inside->apps), counters(inside->total));
        QVERIFY(inside->unattributed_cause == UnattributedCause::None);

        const App* app = snapshot.app("exe:" + program);
        QVERIFY(app);
        COMPARE_COUNTERS(counters(app->traffic), counters(inside->total));
        QCOMPARE(app->by_interface.size(), std::size_t(1));

        const Interface* uplink = interface_of(snapshot, machine.uplink.left());
        QVERIFY(uplink);
        COMPARE_COUNTERS(counters(uplink->total),
                         without_drops(machine.uplink.left().counters() - uplink_before));
        COMPARE_COUNTERS(counters(uplink->unattributed), counters(uplink->total));
        COMPARE_COUNTERS(counters(uplink->unattributed), counters(inside->apps)); // out here as out there
        QCOMPARE(to_string(uplink->unattributed_cause), to_string(UnattributedCause::Forwarded));
        QCOMPARE(snapshot.total_of, std::vector<InterfaceId>{uplink->id});
        COMPARE_COUNTERS(counters(snapshot.total), counters(uplink->total));

        const Interface* port = interface_of(snapshot, machine.inner.right());
        const Interface* bridge = named(snapshot, "br0");
        QVERIFY(port && bridge);
        QCOMPARE(to_string(port->unattributed_cause), to_string(UnattributedCause::Bridged));
        QCOMPARE(to_string(bridge->unattributed_cause), to_string(UnattributedCause::Forwarded));
        QCOMPARE(port->unattributed.rx_bytes, inside->total.tx_bytes);
        QCOMPARE(bridge->unattributed.rx_packets, inside->total.tx_packets);
        leave_together({&client, &server});
    }

    /// A container that the host routes to, without a bridge and with both ends on this machine.
    void theHostsEndOfAPairSaysWhereItsBytesAre() {
        const Namespace first, host, second;
        const VethPair near(first, host, 0), far(host, second, 1);
        turn_ipv6_off(near);
        turn_ipv6_off(far);
        near.set_offloads(Offloads::Off);
        far.set_offloads(Offloads::Off);
        host.sysctl("net/ipv4/ip_forward", "1");
        first.ip({"route", "add", "default", "via", near.right().ipv4});
        second.ip({"route", "add", "default", "via", far.left().ipv4});
        auto engine = open_engine(host);
        QVERIFY(engine && engine->sample());
        Peer server(second, {"tcp-bulk", "server", "local=" + far.right().ipv4, "bytes=100000"});
        server.ready();
        Peer client(first, {"tcp-bulk", "client", "peer=" + far.right().ipv4, "bytes=100000"});
        client.ready();
        exchange(client, server);
        QVERIFY(near.wait_until_quiet() && far.wait_until_quiet());
        QVERIFY(engine->sample());
        const auto snapshot = engine->sample();
        QVERIFY(snapshot);
        for (const VethEnd* end : {&near.right(), &far.left()}) {
            const Interface* interface = interface_of(**snapshot, *end);
            QVERIFY(interface);
            COMPARE_COUNTERS(counters(interface->unattributed), counters(interface->total));
            QCOMPARE(to_string(interface->unattributed_cause), to_string(UnattributedCause::OtherNetns));
        }
        for (const VethEnd* end : {&near.left(), &far.right()}) {
            const Interface* interface = interface_of(**snapshot, *end);
            QVERIFY(interface && interface->apps.tx_bytes > 0);
        }
        leave_together({&client, &server});
    }
};

QTEST_GUILESS_MAIN(ForwardingTest)
#include "forwarding_test.moc"
