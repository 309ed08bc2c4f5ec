// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// Raw counters of the kernel's surfaces at one instant: what a source reads, a recording stores and
/// a replay brings back. No rates, no attribution. Strings are valid UTF-8: the codecs escape the
/// rest as \xNN.
namespace sockledger {

struct LinkStats { ///< struct rtnl_link_stats64, since the device was made
    std::uint64_t rx_bytes = 0;
    std::uint64_t tx_bytes = 0;
    std::uint64_t rx_packets = 0;
    std::uint64_t tx_packets = 0;
    std::uint64_t rx_errors = 0;
    std::uint64_t tx_errors = 0;
    std::uint64_t rx_dropped = 0;
    std::uint64_t tx_dropped = 0;
    bool operator==(const LinkStats&) const = default;
};

struct LinkRecord {
    std::uint32_t ifindex = 0;
    std::string name;
    std::string kind;            ///< IFLA_INFO_KIND: "veth", "bridge"; empty for hardware and loopback
    std::uint16_t type = 0;      ///< ifinfomsg.ifi_type: ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772
    std::uint32_t flags = 0;     ///< ifinfomsg.ifi_flags
    std::uint8_t operstate = 0;  ///< IFLA_OPERSTATE, RFC 2863: 0 unknown, 6 up
    std::uint32_t mtu = 0;       ///< IFLA_MTU
    std::uint32_t lower = 0;     ///< IFLA_LINK when it is in this namespace, else 0
    bool peer_elsewhere = false; ///< IFLA_LINK_NETNSID: the other end is in another namespace
    std::uint32_t master = 0;    ///< IFLA_MASTER
    bool default_route = false;  ///< RTA_OIF of a 0/0 unicast route of the main table, IPv4 or IPv6
    std::uint64_t born = 0;      ///< generation: changes when an ifindex or name was given to a new device
    std::vector<InterfaceAddress> addresses;
    LinkStats stats;
    bool operator==(const LinkRecord&) const = default;
};

/// The links of another namespace that has sockets: a container's.
struct NamespaceLinks {
    std::uint32_t netns = 0;
    std::string name; ///< of `ip netns`, else of its container, else empty
    std::vector<LinkRecord> links;
    bool operator==(const NamespaceLinks&) const = default;
};

struct LinksReading {
    std::uint32_t netns = 0; ///< the namespace that these links belong to
    std::vector<LinkRecord> links;
    std::vector<NamespaceLinks> others{}; ///< as far as may be seen
    bool forwarding = false;              ///< net.ipv4.ip_forward or net.ipv6.conf.all.forwarding
    bool operator==(const LinksReading&) const = default;
};

/// Network-layer bytes and packets of one process on one interface, since the source opened.
struct TrafficCounters {
    std::uint64_t rx_bytes = 0; ///< skb->len summed over packets, plus headers of GRO segments and fragments
    std::uint64_t tx_bytes = 0;
    std::uint64_t rx_packets = 0; ///< segments as they are on the wire
    std::uint64_t tx_packets = 0;
    std::uint64_t rx_gso_bytes = 0; ///< the part of rx_bytes that only segmentation adds
    std::uint64_t tx_gso_bytes = 0;
    std::uint64_t rx_gso_packets = 0; ///< the part of rx_packets that only segmentation adds
    std::uint64_t tx_gso_packets = 0;
    bool operator==(const TrafficCounters&) const = default;
};

struct TrafficRow {
    ProcessId process;     ///< pid 0: a socket of the kernel
    InterfaceId interface; ///< netns 0: not known
    bool copy =
        false; ///< further deliveries of a packet that another row has already counted (multicast, raw)
    TrafficCounters counters;
    bool operator==(const TrafficRow&) const = default;
};

/// What the kernel side noted of a process when it first used a socket.
struct KernelIdentity {
    ProcessId process;
    std::string comm;
    std::string exe;             ///< path of mm->exe_file in the initial mount namespace; empty when too deep
    std::uint64_t cgroup_id = 0; ///< kernfs id of the cgroup2 directory: its inode number
    std::uint32_t uid = 0;
    std::uint32_t parent_pid = 0;
    std::uint32_t exec_count = 0; ///< changes when the process replaced its program
    bool exited = false;
    bool operator==(const KernelIdentity&) const = default;
};

struct TrafficReading {
    std::vector<TrafficRow> rows;
    std::vector<KernelIdentity> identities;
    bool operator==(const TrafficReading&) const = default;
};

/// One (process, descriptor, socket), or a socket that no process holds (process.pid = 0).
struct SocketRecord {
    ProcessId process;
    std::uint32_t fd = 0;
    std::uint32_t netns = 0;
    std::uint64_t cookie = 0;
    std::uint64_t inode = 0;
    Protocol protocol = Protocol::Other;
    SocketState state = SocketState::Unknown;
    Endpoint local;
    Endpoint remote;
    std::uint32_t uid = 0;
    ProcessId owner;           ///< who last used it, as the packet counter books it; pid 0 when not tracked
    bool wire_counted = false; ///< wire_* are valid
    std::uint64_t wire_rx_bytes = 0; ///< network-layer bytes of this socket since it was first seen
    std::uint64_t wire_tx_bytes = 0;
    bool has_tcp_info = false;      ///< the four fields below are valid
    std::uint64_t tcp_rx_bytes = 0; ///< tcp_info.tcpi_bytes_received
    std::uint64_t tcp_tx_bytes = 0; ///< tcp_info.tcpi_bytes_acked
    std::uint32_t rtt_us = 0;       ///< tcp_info.tcpi_rtt
    std::uint32_t retransmits = 0;  ///< tcp_info.tcpi_total_retrans
    bool operator==(const SocketRecord&) const = default;
};

struct SocketsReading {
    bool fresh = false; ///< false: not read at this sample, the engine keeps the table that it has
    std::vector<SocketRecord> sockets;
    std::vector<SocketRecord>
        closed; ///< destroyed since the last reading, fresh or not, with their last tcp_info
    bool operator==(const SocketsReading&) const = default;
};

struct ProcessRecord {
    ProcessId process;
    std::string comm;
    std::string exe;
    std::vector<std::string> command_line;
    std::string user;
    std::uint32_t uid = 0;
    std::uint32_t parent_pid = 0;
    std::string cgroup;
    bool terminal = false; ///< has a controlling terminal: field 7 of /proc/PID/stat, tty_nr
    bool operator==(const ProcessRecord&) const = default;
};

struct ProcessesReading {
    std::vector<ProcessRecord> described; ///< new since the last reading, or changed by exec
    std::vector<ProcessId> exited;        ///< described before, and gone now
    bool operator==(const ProcessesReading&) const = default;
};

struct AppIdentity {
    AppId id;
    std::string name; ///< for people
    std::string icon; ///< freedesktop icon name, may be empty
    bool operator==(const AppIdentity&) const = default;
};

struct AppDecision {
    ProcessId process;
    AppIdentity app;
    bool operator==(const AppDecision&) const = default;
};

/// What the described processes are for people: decided where the evidence is, so that a recording
/// names them the same on another machine.
struct AppsReading {
    std::vector<AppDecision> decided; ///< one for each of ProcessesReading::described
    bool operator==(const AppsReading&) const = default;
};

/// One sample of everything: a frame of a recording.
struct Readings {
    Instant time;
    LinksReading links;
    TrafficReading traffic;
    SocketsReading sockets;
    ProcessesReading processes;
    AppsReading apps;
    std::vector<SourceStatus> sources; ///< one for each source, in the order in which they were read
    bool operator==(const Readings&) const = default;
};

} // namespace sockledger
