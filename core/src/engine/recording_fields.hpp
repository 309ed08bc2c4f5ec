// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

/// The members of the Readings by name, for recording.cpp: a member that is added there and here is
/// recorded. Members that a reader does not know are skipped, those that a recording does not have keep
/// their defaults; so members may be added, but never change their meaning.
namespace sockledger {

BOOST_DESCRIBE_ENUM(Accuracy, Exact, Partial, Estimated, Unavailable)
BOOST_DESCRIBE_ENUM(Protocol, Tcp, Udp, UdpLite, Sctp, Dccp, Icmp, Raw, Other)
BOOST_DESCRIBE_ENUM(SocketState, Unknown, Established, SynSent, SynRecv, FinWait1, FinWait2, TimeWait, Close,
                    CloseWait, LastAck, Listen, Closing, NewSynRecv)

BOOST_DESCRIBE_STRUCT(ProcessId, (), (pid, start_ticks))
BOOST_DESCRIBE_STRUCT(InterfaceId, (), (netns, ifindex))
BOOST_DESCRIBE_STRUCT(InterfaceAddress, (), (address, prefix_length))
BOOST_DESCRIBE_STRUCT(Endpoint, (), (address, port, ipv6))
BOOST_DESCRIBE_STRUCT(SourceStatus, (), (name, accuracy, lost_bytes, lost_events, took, detail))
BOOST_DESCRIBE_STRUCT(Instant, (), (boottime, realtime))

BOOST_DESCRIBE_STRUCT(LinkStats, (),
                      (rx_bytes, tx_bytes, rx_packets, tx_packets, rx_errors, tx_errors, rx_dropped,
                       tx_dropped))
BOOST_DESCRIBE_STRUCT(LinkRecord, (),
                      (ifindex, name, kind, type, flags, operstate, mtu, lower, peer_elsewhere, master,
                       default_route, born, addresses, stats))
BOOST_DESCRIBE_STRUCT(NamespaceLinks, (), (netns, name, links))
BOOST_DESCRIBE_STRUCT(LinksReading, (), (netns, forwarding, links, others))

BOOST_DESCRIBE_STRUCT(TrafficCounters, (),
                      (rx_bytes, tx_bytes, rx_packets, tx_packets, rx_gso_bytes, tx_gso_bytes, rx_gso_packets,
                       tx_gso_packets))
BOOST_DESCRIBE_STRUCT(TrafficRow, (), (process, interface, copy, counters))
BOOST_DESCRIBE_STRUCT(KernelIdentity, (),
                      (process, comm, exe, cgroup_id, uid, parent_pid, exec_count, exited))
BOOST_DESCRIBE_STRUCT(TrafficReading, (), (rows, identities))

BOOST_DESCRIBE_STRUCT(SocketRecord, (),
                      (process, fd, netns, cookie, inode, protocol, state, local, remote, uid, owner,
                       wire_counted, wire_rx_bytes, wire_tx_bytes, has_tcp_info, tcp_rx_bytes, tcp_tx_bytes,
                       rtt_us, retransmits))
BOOST_DESCRIBE_STRUCT(SocketsReading, (), (fresh, sockets, closed))

BOOST_DESCRIBE_STRUCT(ProcessRecord, (),
                      (process, comm, exe, command_line, user, uid, parent_pid, cgroup, terminal))
BOOST_DESCRIBE_STRUCT(ProcessesReading, (), (described, exited))

BOOST_DESCRIBE_STRUCT(AppIdentity, (), (id, name, icon))
BOOST_DESCRIBE_STRUCT(AppDecision, (), (process, app))
BOOST_DESCRIBE_STRUCT(AppsReading, (), (decided))

BOOST_DESCRIBE_STRUCT(Readings, (), (time, links, traffic, sockets, processes, apps, sources))

} // namespace sockledger
