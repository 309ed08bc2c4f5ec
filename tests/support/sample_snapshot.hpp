// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/feed.hpp>

#include <algorithm>
#include <memory>
#include <utility>

/// A made-up machine with everything that a host must be able to show: a browser of two processes, a
/// short-lived downloader, a daemon, the kernel, names that try to command the terminal, and holes.
namespace sockledger::sample {

inline constexpr InterfaceId lo{1000, 1};
inline constexpr InterfaceId eth0{1000, 2};
inline constexpr InterfaceId wg0{1000, 3};
inline constexpr ProcessId firefox{2001, 5000};
inline constexpr ProcessId firefox_socket{2044, 5100};
inline constexpr ProcessId curl{3100, 9000};
inline constexpr ProcessId sshd{812, 900};
inline constexpr ProcessId odd{4242, 9900};

inline Traffic traffic(std::uint64_t rx, std::uint64_t tx, double rx_rate, double tx_rate,
                       Accuracy accuracy = Accuracy::Exact) {
    return {rx, tx, rx / 1000 + (rx != 0), tx / 1000 + (tx != 0), rx_rate, tx_rate, accuracy};
}

inline Endpoint ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port) {
    Endpoint endpoint;
    endpoint.address = {a, b, c, d};
    endpoint.port = port;
    return endpoint;
}

inline Endpoint any6(std::uint16_t port) {
    Endpoint endpoint;
    endpoint.port = port;
    endpoint.ipv6 = true;
    return endpoint;
}

inline std::vector<Interface> interfaces() {
    Interface loopback;
    loopback.id = lo;
    loopback.name = "lo";
    loopback.kind = InterfaceKind::Loopback;
    loopback.up = loopback.loopback = true;
    loopback.addresses = {{"127.0.0.1", 8}, {"::1", 128}};
    loopback.total = loopback.apps = traffic(4'000'000, 4'000'000, 2000, 2000);
    loopback.kernel = loopback.unattributed = traffic(0, 0, 0, 0);

    Interface wired;
    wired.id = eth0;
    wired.name = "eth0";
    wired.kind = InterfaceKind::Physical;
    wired.up = wired.default_route = true;
    wired.addresses = {{"192.0.2.10", 24}, {"2001:db8::10", 64}};
    wired.total = traffic(1'234'567'890, 45'678'901, 12'400'000, 310'000);
    wired.apps = traffic(1'234'500'000, 45'670'000, 12'399'000, 309'900);
    wired.kernel = traffic(67'890, 8'901, 1000, 100);
    wired.unattributed = traffic(0, 0, 0, 0);

    Interface tunnel;
    tunnel.id = wg0;
    tunnel.name = "wg0";
    tunnel.kind = InterfaceKind::Wireguard;
    tunnel.up = false;
    tunnel.lower = eth0;
    tunnel.total = traffic(500, 400, 0, 0);
    tunnel.total.rx_rate = tunnel.total.tx_rate = std::nullopt;
    return {loopback, wired, tunnel};
}

inline App app(AppId id, std::string name, std::vector<ProcessId> processes, Traffic moved,
               ConnectionCounts connections) {
    App made;
    made.id = std::move(id);
    made.name = std::move(name);
    made.processes = std::move(processes);
    made.traffic = moved;
    made.loopback = traffic(0, 0, 0, 0);
    made.by_interface[eth0] = moved;
    made.connections = connections;
    return made;
}

inline Process process(ProcessId id, std::string comm, std::string exe, AppId of, Traffic moved,
                       ConnectionCounts connections = {}) {
    Process made;
    made.id = id;
    made.comm = std::move(comm);
    made.exe = std::move(exe);
    made.command_line = {made.exe};
    made.user = "alice";
    made.uid = 1000;
    made.parent_pid = 1;
    made.app = std::move(of);
    made.traffic = moved;
    made.loopback = traffic(0, 0, 0, 0);
    made.connections = connections;
    return made;
}

inline Connection connection(std::uint64_t cookie, Protocol protocol, SocketState state, Endpoint local,
                             Endpoint remote, std::optional<ProcessId> owner, AppId of, Traffic moved) {
    Connection made;
    made.id = {cookie, lo.netns};
    made.protocol = protocol;
    made.state = state;
    made.local = local;
    made.remote = remote;
    made.scope = scope_of(remote);
    if (local.address == ipv4(192, 0, 2, 10, 0).address)
        made.interface = eth0;
    made.owner = owner;
    made.app = std::move(of);
    made.uid = 1000;
    made.traffic = moved;
    return made;
}

/// "firefox" moves most, "odd" has a name with a newline, an escape sequence, and wide characters.
inline Snapshot snapshot() {
    const AppId browser = "desktop:org.mozilla.firefox";
    Snapshot made;
    made.sequence = 2;
    made.time.boottime = std::chrono::seconds(5000);
    made.time.realtime = std::chrono::nanoseconds(1'767'323'045'123'456'789); // 2026-01-02T03:04:05
    made.interval = std::chrono::seconds(3);
    made.netns = lo.netns;
    made.interfaces = interfaces();
    made.total = made.interfaces[1].total;
    made.total_of = {eth0};

    ConnectionCounts many{5, 4, 1, 0, 3, 0};
    ConnectionCounts one{1, 1, 0, 0, 1, 0};
    ConnectionCounts listener{1, 1, 0, 0, 0, 1};
    made.apps = {
        app(browser, "Firefox", {firefox, firefox_socket},
            traffic(1'000'000'000, 40'000'000, 12'000'000, 300'000), many),
        app("exe:/tmp/odd", "日本\n\x1b[31m語", {odd}, traffic(10, 10, 0.4, 0), {}),
        app("exe:/usr/bin/curl", "curl", {}, traffic(234'500'000, 5'670'000, 0, 0), {}),
        app("kernel", "kernel", {}, traffic(67'890, 8'901, 1000, 100), {}),
        app("unit:sshd.service", "sshd", {sshd}, traffic(9'000, 12'000, 399'000, 9'900), listener),
        app("unit:idle.service", "idle", {}, traffic(0, 0, 0, 0), {}),
    };
    made.apps[4].loopback = traffic(4'000'000, 4'000'000, 2000, 2000);
    std::ranges::sort(made.apps, {}, &App::id);

    made.processes = {
        process(firefox, "firefox", "/usr/lib/firefox/firefox", browser,
                traffic(900'000, 30'000, 12'000'000, 300'000), one),
        process(firefox_socket, "Socket Process ", "/usr/lib/firefox/firefox", browser,
                traffic(100'000, 10'000, 0, 0), one),
        process(curl, "curl", "/usr/bin/curl", "exe:/usr/bin/curl", traffic(234'500'000, 5'670'000, 0, 0)),
        process(sshd, "sshd", "/usr/sbin/sshd", "unit:sshd.service", traffic(9'000, 12'000, 399'000, 9'900),
                listener),
        process(odd, "a-very-long-nam", "/opt/a-very-long-name", "exe:/tmp/odd", traffic(10, 10, 0.4, 0)),
    };
    made.processes[2].alive = false;
    std::ranges::sort(made.processes, {}, &Process::id);

    made.connections = {
        connection(11, Protocol::Tcp, SocketState::Established, ipv4(192, 0, 2, 10, 51000),
                   ipv4(198, 51, 100, 7, 443), firefox, browser,
                   traffic(900'000, 30'000, 12'000'000, 300'000)),
        connection(12, Protocol::Udp, SocketState::Close, ipv4(192, 0, 2, 10, 5353), {}, firefox_socket,
                   browser, traffic(100'000, 10'000, 0, 0)),
        connection(13, Protocol::Tcp, SocketState::Listen, any6(22), any6(0), sshd, "unit:sshd.service", {}),
        connection(14, Protocol::Tcp, SocketState::Established, ipv4(127, 0, 0, 1, 8080),
                   ipv4(127, 0, 0, 1, 40000), sshd, "unit:sshd.service",
                   traffic(4'000'000, 4'000'000, 2000, 2000, Accuracy::Partial)),
        connection(15, Protocol::Tcp, SocketState::TimeWait, ipv4(192, 0, 2, 10, 51001),
                   ipv4(203, 0, 113, 9, 80), std::nullopt, "", {}),
    };
    made.connections[0].rtt_us = 12'345;
    made.connections[0].retransmits = 2;

    using namespace std::chrono_literals;
    made.sources = {{"links", Accuracy::Exact, 0, 0, 12us, "rtnetlink statistics"},
                    {"processes", Accuracy::Exact, 0, 0, 900us, "/proc of every process"},
                    {"sockets", Accuracy::Exact, 0, 0, 1ms, "BPF iterator: every socket of every namespace"},
                    {"traffic", Accuracy::Exact, 0, 0, 50us, "BPF counts every packet"}};
    return made;
}

/// The same machine seen without privilege: nothing counted per packet, payload only.
inline Snapshot unprivileged() {
    Snapshot made = snapshot();
    for (SourceStatus& source : made.sources)
        if (source.name == "traffic") {
            source.accuracy = Accuracy::Unavailable;
            source.detail = "exact traffic needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN: run as root";
        } else if (source.name == "sockets") {
            source.accuracy = Accuracy::Partial;
            source.detail = "sock_diag: the sockets of other users have no owner";
        }
    for (App& row : made.apps) {
        row.traffic.accuracy = Accuracy::Partial;
        row.by_interface.clear();
    }
    for (Process& row : made.processes)
        row.traffic.accuracy = Accuracy::Partial;
    for (Interface& row : made.interfaces)
        row.apps = row.kernel = row.unattributed = Traffic{};
    return made;
}

/// A Feed of given snapshots; then an Error, as a recording that has ended.
class FakeFeed : public Feed {
public:
    explicit FakeFeed(std::vector<Snapshot> snapshots) : snapshots_(std::move(snapshots)) {}

    Result<SnapshotPtr> sample() override {
        if (next_ == snapshots_.size())
            return end_;
        latest_ = std::make_shared<const Snapshot>(snapshots_[next_++]);
        return latest_;
    }
    SnapshotPtr latest() const override { return latest_; }
    int wake_fd() const override { return -1; }

    void end_with(Error error) { end_ = std::move(error); }

private:
    std::vector<Snapshot> snapshots_;
    std::size_t next_ = 0;
    SnapshotPtr latest_;
    Error end_{"the recording has ended", 0};
};

} // namespace sockledger::sample
