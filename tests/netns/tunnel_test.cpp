// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"
#include "live_engine.hpp"
#include "support/peer.hpp"
#include "support/require.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

constexpr std::uint16_t tunnel_port = 5555;

sockaddr_in address_of(const std::string& text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(tunnel_port);
    inet_pton(AF_INET, text.c_str(), &address.sin_addr);
    return address;
}

/// The program of a VPN: what the device "tun0" is given goes to the other end by UDP, and back.
class TunnelProgram {
public:
    TunnelProgram(const VethEnd& end, const VethEnd& other) : ready_(make_pipe()) {
        child_ = std::make_unique<Child>([&] { run(end, other); });
        ready_.write_end = UniqueFd();
        char byte = 0;
        if (read(ready_.read_end.get(), &byte, 1) != 1)
            throw std::runtime_error("the tunnel does not begin");
    }

private:
    [[noreturn]] void run(const VethEnd& end, const VethEnd& other) const {
        checked(setns(open(end.space->path().c_str(), O_RDONLY | O_CLOEXEC), CLONE_NEWNET), "setns");
        const UniqueFd tun(checked(open("/dev/net/tun", O_RDWR | O_CLOEXEC), "/dev/net/tun"));
        ifreq request{};
        std::string("tun0").copy(request.ifr_name, IFNAMSIZ - 1);
        request.ifr_flags = IFF_TUN | IFF_NO_PI;
        checked(ioctl(tun.get(), TUNSETIFF, &request), "TUNSETIFF");
        const UniqueFd udp(checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        const int room = 4 << 20;
        checked(setsockopt(udp.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room), "SO_RCVBUFFORCE");
        const sockaddr_in here = address_of(end.ipv4), there = address_of(other.ipv4);
        checked(bind(udp.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here), "bind");
        checked(connect(udp.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there), "connect");
        checked(write(ready_.write_end.get(), "!", 1), "write");
        std::array<char, 2048> packet{};
        for (;;) {
            std::array<pollfd, 2> waiting{{{tun.get(), POLLIN, 0}, {udp.get(), POLLIN, 0}}};
            checked(poll(waiting.data(), waiting.size(), -1), "poll");
            for (const auto& [from, to] : {std::pair(&tun, &udp), std::pair(&udp, &tun)}) {
                if (waiting[from == &tun ? 0 : 1].revents == 0)
                    continue;
                const ssize_t size = read(from->get(), packet.data(), packet.size());
                if (size > 0) // the other end may not be there yet, which a later read is told
                    (void)!write(to->get(), packet.data(), static_cast<std::size_t>(size));
            }
        }
    }

    Pipe ready_;
    std::unique_ptr<Child> child_;
};

/// An application that sends to one at the other end of a tunnel, with the engine at the near end.
struct Machine {
    Namespace near, far;
    VethPair uplink{near, far};
    QTemporaryDir directory;
    std::string program = directory.filePath("app").toStdString();
    std::unique_ptr<Engine> engine;
    DeviceCounters tunnel_moved, uplink_moved;
    SnapshotPtr snapshot;

    Machine() {
        turn_ipv6_off(uplink);
        uplink.set_offloads(Offloads::Off);
        copy_traffic_peer(program);
        near.ip({"route", "add", "default", "via", uplink.right().ipv4, "metric", "100"});
    }
    /// Moves a megabyte through `device`, whose ends have 203.0.113.1 and .2.
    bool play(const std::string& device) {
        Peer server(far, {"tcp-bulk", "server", "local=203.0.113.2", "bytes=1000000"});
        server.ready();
        Peer client(near, program, {"tcp-bulk", "client", "peer=203.0.113.2", "bytes=1000000"});
        client.ready();
        engine = open_engine(near);
        if (!engine || !uplink.wait_until_quiet() || !engine->sample())
            return false;
        const DeviceCounters tunnel_before = read_counters(near, device);
        const DeviceCounters uplink_before = uplink.left().counters();
        exchange(client, server);
        if (!uplink.wait_until_quiet() || !engine->sample()) // a remainder counts when it is there twice
            return false;
        auto result = engine->sample();
        snapshot = result ? *result : nullptr;
        tunnel_moved = without_drops(read_counters(near, device) - tunnel_before);
        uplink_moved = without_drops(uplink.left().counters() - uplink_before);
        leave_together({&client, &server});
        return snapshot != nullptr;
    }

    const Interface* named(const std::string& name) const {
        const auto found = std::ranges::find_if(snapshot->interfaces, [&](const Interface& interface) {
            return interface.name == name && interface.id.netns == near.inum();
        });
        return found == snapshot->interfaces.end() ? nullptr : &*found;
    }
};

} // namespace

/// Bytes that leave twice: in a tunnel, and around it.
class TunnelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns", "bpf"); }

    /// A VPN in a program: the bytes are the application's on the tunnel and the program's on the uplink.
    void aTunnelOfAProgram() {
        SOCKLEDGER_NEEDS("tun");
        Machine machine;
        const auto& uplink = machine.uplink;
        for (const VethEnd* end : {&uplink.left(), &uplink.right()}) {
            const Namespace& space = *end->space;
            const std::string number = end == &uplink.left() ? "1" : "2";
            space.ip({"tuntap", "add", "dev", "tun0", "mode", "tun"});
            space.ip({"link", "set", "tun0", "mtu", "1400", "txqueuelen", "5000", "addrgenmode", "none"});
            space.ip({"address", "add", "203.0.113." + number + "/24", "dev", "tun0"});
            space.ip({"link", "set", "tun0", "up"});
        }
        machine.near.ip({"route", "add", "default", "dev", "tun0", "metric", "10"});
        const TunnelProgram near(uplink.left(), uplink.right()), far(uplink.right(), uplink.left());
        QVERIFY(machine.play("tun0"));
        const Snapshot& snapshot = *machine.snapshot;

        const Interface* tunnel = machine.named("tun0");
        const Interface* outer = interface_of(snapshot, uplink.left());
        QVERIFY(tunnel && outer && tunnel->default_route && outer->default_route);
        QVERIFY(tunnel->kind == InterfaceKind::Tun);
        COMPARE_COUNTERS(counters(tunnel->total), machine.tunnel_moved);
        COMPARE_COUNTERS(counters(tunnel->apps), counters(tunnel->total));
        const App* app = snapshot.app("exe:" + machine.program);
        QVERIFY(app);
        COMPARE_COUNTERS(counters(app->traffic), counters(tunnel->total));
        QVERIFY(tunnel->total.tx_bytes > 1'000'000);

        COMPARE_COUNTERS(counters(outer->total), machine.uplink_moved);
        COMPARE_COUNTERS(counters(outer->apps), counters(outer->total));
        QCOMPARE(outer->apps.tx_packets, tunnel->total.tx_packets);
        constexpr std::uint64_t around = 14 + 20 + 8; // Ethernet, IPv4, UDP
        QCOMPARE(outer->apps.tx_bytes, tunnel->total.tx_bytes + around * tunnel->total.tx_packets);
        const App* vpn = snapshot.app("exe:" + QCoreApplication::applicationFilePath().toStdString());
        QVERIFY(vpn && !vpn->by_interface.contains(tunnel->id));
        COMPARE_COUNTERS(counters(vpn->by_interface.at(outer->id)), counters(outer->total));

        QCOMPARE(snapshot.total_of, std::vector<InterfaceId>{outer->id});
        COMPARE_COUNTERS(counters(snapshot.total), counters(outer->total));
    }

    /// A tunnel of the kernel. No hook sees its outer packets with a socket: on the way out ip_output()
    /// asks for the programs of a cgroup only when the packet's socket, the application's, is the one that
    /// sends it, the tunnel's; on the way in udp_queue_rcv_skb() hands the packet to the tunnel before it
    /// gets to the socket's filter. So they stay unattributed, with the cause.
    void aTunnelOfTheKernel() {
        Machine machine;
        const auto& uplink = machine.uplink;
        for (const VethEnd* end : {&uplink.left(), &uplink.right()}) {
            const bool left = end == &uplink.left();
            const VethEnd& other = left ? uplink.right() : uplink.left();
            const std::string number = left ? "1" : "2", other_number = left ? "2" : "1";
            const Namespace& space = *end->space;
            space.ip({"link", "add", "vxlan0", "type", "vxlan", "id", "42", "dstport", "4789", "local",
                      end->ipv4, "remote", other.ipv4});
            space.ip({"link", "set", "vxlan0", "mtu", "1450", "addrgenmode", "none", "address",
                      "02:00:00:00:01:0" + number});
            space.ip({"address", "add", "203.0.113." + number + "/24", "dev", "vxlan0"});
            space.ip({"link", "set", "vxlan0", "up"});
            space.ip({"neighbour", "replace", "203.0.113." + other_number, "lladdr",
                      "02:00:00:00:01:0" + other_number, "dev", "vxlan0"});
            set_offloads(space, "vxlan0", Offloads::Off);
        }
        QVERIFY(machine.play("vxlan0"));
        const Snapshot& snapshot = *machine.snapshot;

        const Interface* tunnel = machine.named("vxlan0");
        const Interface* outer = interface_of(snapshot, uplink.left());
        QVERIFY(tunnel && outer);
        QVERIFY(tunnel->kind == InterfaceKind::Tunnel && !tunnel->lower);
        COMPARE_COUNTERS(counters(tunnel->total), machine.tunnel_moved);
        COMPARE_COUNTERS(counters(tunnel->apps), counters(tunnel->total));
        const App* app = snapshot.app("exe:" + machine.program);
        QVERIFY(app);
        COMPARE_COUNTERS(counters(app->traffic), counters(tunnel->total));
        QCOMPARE(app->by_interface.size(), std::size_t(1));

        COMPARE_COUNTERS(counters(outer->total), machine.uplink_moved);
        COMPARE_COUNTERS(counters(outer->kernel), DeviceCounters{});
        COMPARE_COUNTERS(counters(outer->unattributed), counters(outer->total));
        QCOMPARE(outer->unattributed.tx_packets, tunnel->total.tx_packets);
        QCOMPARE(to_string(outer->unattributed_cause), to_string(UnattributedCause::Encapsulated));
        QCOMPARE(snapshot.total_of, std::vector<InterfaceId>{outer->id});
        COMPARE_COUNTERS(counters(snapshot.total), counters(outer->total));
    }
};

QTEST_GUILESS_MAIN(TunnelTest)
#include "tunnel_test.moc"
