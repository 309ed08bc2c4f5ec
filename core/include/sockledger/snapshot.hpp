// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The picture of the machine that every host shows. Passive data: built once by the engine, then
/// immutable and shared. Every string is valid UTF-8. Every byte count is in bytes, every rate in
/// bytes per second. "Wire bytes" are the network-layer bytes of each packet plus its link header.
/// Threads: a Snapshot never changes after it was published, so any thread may read it.

namespace sockledger {

/// How a number is known, from best to worst.
enum class Accuracy : std::uint8_t {
    Exact,       ///< the kernel counted each packet
    Partial,     ///< a lower bound: TCP payload from tcp_info, or events known to be lost
    Estimated,   ///< interface bytes shared out by connection count
    Unavailable, ///< not measurable here; the numbers beside it are meaningless, not zero
};

/// A sum is only as good as its worst term.
constexpr Accuracy worst(Accuracy a, Accuracy b) {
    return a < b ? b : a;
}

/// Totals since the engine opened, which never fall, and the rates of the last interval.
struct Traffic {
    std::uint64_t rx_bytes = 0;
    std::uint64_t tx_bytes = 0;
    std::uint64_t rx_packets = 0;
    std::uint64_t tx_packets = 0;
    /// Bytes per second; absent when what was before is not known: at the first sample, at the first
    /// sight of a device, and after a counter reset.
    std::optional<double> rx_rate;
    std::optional<double> tx_rate;
    Accuracy accuracy = Accuracy::Unavailable;
    bool operator==(const Traffic&) const = default;
};

/// A process, never confused with a later one of the same pid.
struct ProcessId {
    std::uint32_t pid = 0;         ///< thread group id in the initial pid namespace
    std::uint64_t start_ticks = 0; ///< USER_HZ ticks since boot: field 22 of /proc/PID/stat
    auto operator<=>(const ProcessId&) const = default;
};

/// An interface of one network namespace.
struct InterfaceId {
    std::uint32_t netns = 0;   ///< inode number of /proc/PID/ns/net
    std::uint32_t ifindex = 0; ///< ifinfomsg.ifi_index
    auto operator<=>(const InterfaceId&) const = default;
};

/// A socket of one network namespace.
struct ConnectionId {
    std::uint64_t cookie = 0; ///< SO_COOKIE / inet_diag_sockid.idiag_cookie
    std::uint32_t netns = 0;
    auto operator<=>(const ConnectionId&) const = default;
};

/// Stable name of an application: "unit:sshd.service", "desktop:org.mozilla.firefox",
/// "exe:/usr/bin/curl", "kernel".
using AppId = std::string;

/// What an interface is made of: IFLA_INFO_KIND, or ifinfomsg.ifi_type when there is none.
enum class InterfaceKind : std::uint8_t {
    Physical,
    Loopback,
    Veth,
    Bridge,
    Bond,
    Vlan,
    Macvlan,
    Wireguard,
    Tun,
    Tunnel, ///< IP-in-IP, GRE, VXLAN, Geneve and their like
    Dummy,
    Other,
};

/// Where the unattributed bytes of an interface come from, as far as can be seen. Told, never computed
/// from: the number beside it is what remains of the books.
enum class UnattributedCause : std::uint8_t {
    None,      ///< nothing remains
    NoSocket,  ///< ARP, neighbour discovery, RST and the like: packets that the kernel makes without a socket
    Forwarded, ///< routed through this machine: of containers, guests or other hosts
    Bridged,   ///< switched by a bridge, or a bond's port: counted where the socket is
    OtherNetns,   ///< the other end is in another network namespace, whose sockets have the bytes
    Encapsulated, ///< outer packets of a tunnel that the kernel makes (WireGuard, VXLAN)
    NotCounted,   ///< packets are not counted here, or not all: the applications have a lower bound
};

struct InterfaceAddress {
    std::string address; ///< RFC 5952 text without prefix: "192.0.2.1", "fe80::1"
    std::uint8_t prefix_length = 0;
    bool operator==(const InterfaceAddress&) const = default;
};

/// One interface and its books. Over any interval in which the link comes to rest,
///     total = apps + kernel + unattributed
/// for bytes and packets, rx and tx. While packets are on their way between a program and the
/// device, the two sides differ by what is in flight.
struct Interface {
    InterfaceId id;
    std::string name; ///< IFLA_IFNAME
    InterfaceKind kind = InterfaceKind::Other;
    std::string
        netns_name;  ///< of another namespace than Snapshot::netns: its container or name; empty in our own
    bool up = false; ///< IFLA_OPERSTATE is UP, or UNKNOWN with IFF_RUNNING set (loopback, tun)
    bool loopback = false;
    bool default_route = false;        ///< carries a default route of the main table
    std::optional<InterfaceId> lower;  ///< IFLA_LINK: the device that a VLAN, macvlan or tunnel rides on
    std::optional<InterfaceId> master; ///< IFLA_MASTER: the bridge or bond that this is a port of
    std::vector<InterfaceAddress> addresses;
    Traffic total;        ///< IFLA_STATS64, plus the headers of segments that the device does not count
    Traffic apps;         ///< packets of sockets that a process owns
    Traffic kernel;       ///< packets of sockets that the kernel owns
    Traffic unattributed; ///< the rest: forwarded, without a socket, or lost from the count
    UnattributedCause unattributed_cause = UnattributedCause::None;
    std::uint64_t rx_errors = 0;       ///< IFLA_STATS64.rx_errors, since the device was made
    std::uint64_t tx_errors = 0;       ///< IFLA_STATS64.tx_errors
    std::uint64_t rx_dropped = 0;      ///< IFLA_STATS64.rx_dropped
    std::uint64_t tx_dropped = 0;      ///< IFLA_STATS64.tx_dropped
    std::uint64_t device_rx_bytes = 0; ///< IFLA_STATS64.rx_bytes as it stands; falls when a driver resets
    std::uint64_t device_tx_bytes = 0; ///< IFLA_STATS64.tx_bytes
    bool operator==(const Interface&) const = default;
};

enum class Protocol : std::uint8_t { Tcp, Udp, UdpLite, Sctp, Dccp, Icmp, Raw, Other };

/// tcp_states.h; sockets without states (UDP, raw) are Established when connected, else Close.
enum class SocketState : std::uint8_t {
    Unknown,
    Established,
    SynSent,
    SynRecv,
    FinWait1,
    FinWait2,
    TimeWait,
    Close,
    CloseWait,
    LastAck,
    Listen,
    Closing,
    NewSynRecv,
};

inline constexpr std::size_t socket_states = static_cast<std::size_t>(SocketState::NewSynRecv) + 1;

/// Sockets of an application or a process.
struct ConnectionCounts {
    std::uint32_t total = 0;
    std::uint32_t tcp = 0;
    std::uint32_t udp = 0;         ///< with UDP-Lite
    std::uint32_t other = 0;       ///< raw, ICMP, SCTP, ...
    std::uint32_t established = 0; ///< TCP in ESTABLISHED
    std::uint32_t listen = 0;      ///< TCP in LISTEN
    std::array<std::uint32_t, socket_states>
        tcp_states{}; ///< TCP in each SocketState; TIME_WAIT has no process
    bool operator==(const ConnectionCounts&) const = default;
};

/// An address and port; an IPv4-mapped IPv6 address (::ffff:a.b.c.d) is stored as IPv4.
struct Endpoint {
    std::array<std::uint8_t, 16> address{}; ///< network byte order; IPv4 uses the first 4 bytes
    std::uint16_t port = 0;                 ///< host byte order; 0 when unbound or without ports
    bool ipv6 = false;
    auto operator<=>(const Endpoint&) const = default;
};

/// How far away an address is.
enum class Scope : std::uint8_t {
    Unspecified, ///< "*": not connected
    Loopback,    ///< 127/8, ::1
    Link,        ///< 169.254/16, fe80::/10
    Lan,         ///< RFC 1918, RFC 6598 and RFC 4193 addresses
    Multicast,   ///< and broadcast
    Internet,
};
Scope scope_of(const Endpoint&);

struct Process {
    ProcessId id;
    std::string comm; ///< /proc/PID/comm of the thread group leader
    std::string exe;  ///< /proc/PID/exe; empty when not readable
    std::vector<std::string> command_line;
    std::string user;             ///< name of uid, or its digits
    std::uint32_t uid = 0;        ///< effective uid
    std::uint32_t parent_pid = 0; ///< real parent, not a tracer
    std::string cgroup;           ///< path in the cgroup2 tree, "/" at its root
    AppId app;
    bool alive = true;
    Traffic traffic; ///< outside loopback
    ConnectionCounts connections;
    Traffic loopback; ///< the part on loopback interfaces, not in `traffic`
    bool operator==(const Process&) const = default;
};

struct Connection {
    ConnectionId id;
    Protocol protocol = Protocol::Other;
    SocketState state = SocketState::Unknown;
    Endpoint local;
    Endpoint remote;
    std::optional<ProcessId>
        owner; ///< absent: no process holds it (TIME_WAIT, orphaned, kernel), or not visible
    AppId app;
    std::uint32_t uid = 0;
    Traffic traffic; ///< Exact: wire bytes of this socket; Partial: tcp_info.tcpi_bytes_received / _acked
    Scope scope = Scope::Unspecified; ///< of the remote address; Loopback too when both ends are this machine
    std::optional<InterfaceId>
        interface; ///< that has the local address; absent for wildcards and loopback traffic
    std::chrono::nanoseconds
        age{}; ///< since the engine first saw it: a lower bound for what was there before
    std::optional<std::uint32_t> rtt_us;      ///< tcp_info.tcpi_rtt; TCP only
    std::optional<std::uint32_t> retransmits; ///< tcp_info.tcpi_total_retrans; TCP only
    bool operator==(const Connection&) const = default;
};

struct App {
    AppId id;
    std::string name;                 ///< for people: "Firefox", "sshd"
    std::string icon;                 ///< freedesktop icon name, may be empty
    std::vector<ProcessId> processes; ///< the live ones
    Traffic traffic;                  ///< outside loopback; dead processes and closed sockets included
    Traffic loopback;                 ///< the part on loopback interfaces, not in `traffic`
    /// Loopback included. Minutes after the last byte the part of a device that is gone leaves it; `traffic`
    /// keeps what it was.
    std::map<InterfaceId, Traffic> by_interface;
    ConnectionCounts connections;
    bool operator==(const App&) const = default;
};

/// What one source could do at this sample.
struct SourceStatus {
    std::string name; ///< "links", "traffic", "sockets", "processes", "apps"
    Accuracy accuracy = Accuracy::Unavailable;
    std::uint64_t lost_bytes = 0;    ///< counted by the kernel side but not attributed (map full), since open
    std::uint64_t lost_events = 0;   ///< records dropped or unreadable, since open
    std::chrono::nanoseconds took{}; ///< time spent in the last read
    std::string detail;              ///< one sentence for a person: how it works here, or what is missing
    bool operator==(const SourceStatus&) const = default;
};

/// When a reading was taken.
struct Instant {
    std::chrono::nanoseconds boottime{}; ///< CLOCK_BOOTTIME: rates use only this one
    std::chrono::nanoseconds realtime{}; ///< CLOCK_REALTIME, for display and history
    bool operator==(const Instant&) const = default;
};

/// One consistent picture. Vectors are sorted by id (apps and sources by name of id), so equal
/// readings give equal snapshots.
struct Snapshot {
    std::uint64_t sequence = 0; ///< 1 for the first sample of an engine
    Instant time;
    std::chrono::nanoseconds interval{}; ///< since the sample before; 0 for the first
    std::chrono::nanoseconds since{};    ///< boottime of the engine's first sample: all totals were zero then
    std::uint32_t netns = 0;             ///< the network namespace that the interfaces were read in
    std::vector<Interface> interfaces;
    std::vector<App> apps;
    std::vector<Process> processes;
    std::vector<Connection> connections;
    std::vector<SourceStatus> sources;
    Traffic total; ///< what the interfaces of `total_of` moved, summed sample by sample
    std::vector<InterfaceId>
        total_of; ///< the default-route interfaces, else all that are up and ride on no other

    bool operator==(const Snapshot&) const = default;

    const Interface* interface(const InterfaceId& id) const;
    const App* app(std::string_view id) const;
    const Process* process(const ProcessId& id) const;
    const SourceStatus* source(std::string_view name) const;
};

/// Names as hosts show them: "exact", "tcp", "ESTABLISHED", "wireguard".
std::string_view to_string(Accuracy);
std::string_view to_string(InterfaceKind);
std::string_view to_string(Protocol);
std::string_view to_string(SocketState);
std::string_view to_string(Scope);             ///< "internet", "lan"
std::string_view to_string(UnattributedCause); ///< "forwarded", "no_socket"
/// "192.0.2.1:443", "[2001:db8::1]:443", "*:53" for the unspecified address; port 0 is "*".
std::string to_string(const Endpoint&);

} // namespace sockledger
