// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "soak/faults.hpp"

#include "soak/memory_limit.hpp"
#include "support/checked.hpp"

#include <thread>

namespace sockledger::test {
namespace {

using Arguments = std::vector<std::string>;

/// Both ends of a traffic_peer mode on the scene's link, with ports of its own.
void play(SoakScene& scene, const std::string& mode, const Arguments& options) {
    Arguments server{mode, "server", "local=" + scene.link.right().ipv4};
    Arguments client{mode, "client", "local=" + scene.link.left().ipv4, "peer=" + scene.link.right().ipv4};
    for (Arguments* end : {&server, &client})
        end->insert(end->end(), options.begin(), options.end());
    Peer receiver(scene.right, server);
    receiver.ready();
    Peer sender(scene.left, scene.path("mail"), client);
    sender.ready();
    exchange(sender, receiver);
    leave_together({&sender, &receiver});
}

/// A second link that comes, is used and goes: history has what its device counted. Its index is one that
/// no other had, as usual: who counts on where another one was is taken for that.
void come_and_go(SoakScene& scene, const Namespace& other) {
    static int number = 0;
    const std::string device = "guest" + std::to_string(++number);
    scene.left.ip({"link", "add", device, "type", "veth", "peer", "name", device, "netns", other.path()});
    const auto configure = [](const Namespace& space, const std::string& name, const char* address) {
        set_offloads(space, name, Offloads::Off);
        space.ip({"address", "add", address, "dev", name});
        space.ip({"link", "set", name, "up"});
    };
    configure(scene.left, device, "198.51.100.1/24");
    configure(other, device, "198.51.100.2/24");
    Peer server(other, {"tcp-bulk", "server", "local=198.51.100.2", "bytes=300000"});
    server.ready();
    Peer client(scene.left, {"tcp-bulk", "client", "peer=198.51.100.2", "bytes=300000"});
    client.ready();
    exchange(client, server);
    leave_together({&client, &server});
    scene.left.ip({"link", "set", device, "down"}); // else it has a last word when it is taken away
    const Amount moved = amount(read_counters(scene.left, device));
    Amount booked;
    const auto settled = [&] { return (booked = all_usage(scene.daemon().client(), device)[""]) == moved; };
    if (!QTest::qWaitFor(settled, 15'000))
        throw std::runtime_error("the second link moved " + text(moved) + ", and " + text(booked) +
                                 " are booked");
    scene.left.ip({"link", "delete", device});
}

void interfaces(SoakScene& scene) {
    for (int i = 0; i < 20; ++i) {
        const std::string name = "brief" + std::to_string(i);
        scene.left.ip({"link", "add", name, "type", "veth", "peer", "name", "other"});
        scene.left.ip({"link", "set", name, "up"});
        scene.left.ip({"link", "set", name, "down", "name", "renamed"});
        scene.left.ip({"link", "delete", "renamed"});
    }
    come_and_go(scene, scene.right);
}

void namespaces(SoakScene& scene) {
    const std::vector<Namespace> crowd(30);
    for (int i = 0; i < 3; ++i)
        come_and_go(scene, Namespace());
}

void processes(SoakScene& scene) {
    play(scene, "brief", {"port=9000", "count=500", "size=100"});
    play(scene, "brief", {"port=9010", "count=500", "size=100", "protocol=tcp"});
}

void connections(SoakScene& scene) {
    play(scene, "many", {"port=9020", "count=5000", "size=100", "ports=2"});
}

void suspended_daemon(SoakScene& scene) {
    scene.daemon().signal(SIGSTOP);
    std::this_thread::sleep_for(3s);
    scene.daemon().signal(SIGCONT);
}

void suspended_clients(SoakScene& scene) {
    scene.suspend_clients(6);
}

void clock_jumps(SoakScene& scene) {
    for (const std::chrono::seconds shift : {2h, -1h, 24h * 40, -24h * 3, 0h}) {
        scene.set_clock(shift);
        std::this_thread::sleep_for(1500ms);
        (void)value(scene.daemon().client().status());
    }
}

void memory_pressure(SoakScene& scene) {
    MemoryLimit limit(scene.daemon().pid(), 2 << 20);
    processes(scene);
    std::this_thread::sleep_for(2s);
}

void full_disk(SoakScene& scene) {
    const auto recording = [&](bool wanted, int milliseconds) {
        return QTest::qWaitFor(
            [&] { return value(scene.daemon().client().status()).history.recording == wanted; },
            milliseconds);
    };
    const std::string ballast = scene.path("state/ballast");
    {
        const UniqueFd file(checked(open(ballast.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "ballast"));
        const std::vector<char> block(1 << 16);
        for (std::size_t length = block.size(); length > 0;) {
            const ssize_t written = write(file.get(), block.data(), length);
            if (written < 0)
                length /= 2; // to the last byte
        }
    }
    (void)recording(false, 5'000); // as long as there is room in the log of the database, all is well
    std::filesystem::remove(ballast);
    expect(recording(true, 30'000), "history does not go on when the disk has room again");
}

void configurations(SoakScene& scene) {
    scene.configure("[history]\nflush_seconds = \"soon\"\n");
    scene.daemon().signal(SIGHUP);
    std::this_thread::sleep_for(500ms);
    scene.configure("[history]\nflush_seconds = 1\n");
    scene.daemon().signal(SIGHUP);
}

void killed(SoakScene& scene) {
    scene.daemon().kill();
    scene.start_daemon();
}

void restarted(SoakScene& scene) {
    expect(scene.daemon().stop() == 0, "the daemon ends badly:\n" + scene.daemon().said());
    scene.start_daemon();
}

void killed_with_a_wrong_clock(SoakScene& scene) {
    scene.set_clock(5h);
    killed(scene);
    scene.set_clock(0s);
    killed(scene);
}

constexpr Fault faults[]{
    {"suspended clients", suspended_clients},
    {"interfaces come and go", interfaces},
    {"namespaces come and go", namespaces},
    {"a storm of processes", processes},
    {"a storm of connections", connections},
    {"the daemon suspended", suspended_daemon},
    {"the wall clock set", clock_jumps},
    {"memory is short", memory_pressure},
    {"the disk is full", full_disk},
    {"a wrong configuration", configurations},
    {"killed", killed, true},
    {"started again", restarted, true},
    {"killed with a wrong clock", killed_with_a_wrong_clock, true},
};

} // namespace

std::span<const Fault> all_faults() {
    return faults;
}

} // namespace sockledger::test
