// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/ledger.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace sockledger::test {

constexpr std::uint32_t own_netns = 4026531840;
constexpr std::uint32_t other_netns = 4026532000;

/// Readings as a test writes them, sample by sample: the machine keeps what was set until it is
/// changed, time goes on by hand, and one Ledger keeps the books.
class Script {
public:
    Script() {
        readings.time = {std::chrono::seconds(100), std::chrono::seconds(1700000000)};
        readings.links.netns = own_netns;
        for (const char* name : {"links", "traffic", "sockets", "processes"}) {
            SourceStatus status;
            status.name = name;
            status.accuracy = Accuracy::Exact;
            readings.sources.push_back(status);
        }
    }

    SourceStatus& source(std::string_view name) {
        return *std::ranges::find(readings.sources, name, &SourceStatus::name);
    }

    /// An Ethernet device of kind "veth", up, unless it was made before. With `kind` "" it is hardware.
    LinkRecord& link(std::uint32_t ifindex, const std::string& kind = "veth") {
        auto& links = readings.links.links;
        auto found = std::ranges::find(links, ifindex, &LinkRecord::ifindex);
        if (found == links.end()) {
            LinkRecord link;
            link.ifindex = ifindex;
            link.name = "if" + std::to_string(ifindex);
            link.kind = kind;
            link.type = 1;
            link.flags = 0x41;
            link.operstate = 6;
            link.born = ifindex;
            found = links.insert(links.end(), link);
        }
        return *found;
    }
    LinkRecord& loopback() {
        LinkRecord& lo = link(1, "");
        lo.name = "lo";
        lo.type = 772;
        return lo;
    }
    void remove_link(std::uint32_t ifindex) {
        std::erase_if(readings.links.links, [&](const LinkRecord& link) { return link.ifindex == ifindex; });
    }

    TrafficCounters& row(std::uint32_t pid, InterfaceId interface, bool copy = false) {
        auto& rows = readings.traffic.rows;
        const ProcessId process = id(pid);
        auto found = std::ranges::find_if(rows, [&](const TrafficRow& row) {
            return row.process == process && row.interface == interface && row.copy == copy;
        });
        if (found == rows.end()) {
            found = rows.insert(rows.end(), {process, interface, copy, {}});
        }
        return found->counters;
    }
    TrafficCounters& row(std::uint32_t pid, std::uint32_t ifindex) { return row(pid, {own_netns, ifindex}); }

    /// Packets of a local program that pass a device which counts each of them: `count` of `bytes`
    /// network-layer bytes.
    void receive(std::uint32_t pid, std::uint32_t ifindex, std::uint64_t count, std::uint64_t bytes) {
        row(pid, ifindex).rx_packets += count;
        row(pid, ifindex).rx_bytes += count * bytes;
        device_receives(ifindex, count, bytes);
    }
    void device_receives(std::uint32_t ifindex, std::uint64_t count, std::uint64_t bytes) {
        link(ifindex).stats.rx_packets += count;
        link(ifindex).stats.rx_bytes += count * (bytes + 14);
    }

    static ProcessId id(std::uint32_t pid) { return pid == 0 ? ProcessId{} : ProcessId{pid, 1000 + pid}; }
    ProcessRecord& process(std::uint32_t pid, const std::string& exe, const std::string& cgroup = "/") {
        ProcessRecord record;
        record.process = id(pid);
        record.exe = exe;
        record.comm = exe.substr(exe.rfind('/') + 1);
        record.user = "user";
        record.uid = 1000;
        record.parent_pid = 1;
        record.cgroup = cgroup;
        return readings.processes.described.emplace_back(record);
    }
    /// The process ends: its identity says so, and its rows are taken away by remove_rows().
    void exit(std::uint32_t pid) { readings.processes.exited.push_back(id(pid)); }
    void remove_rows(std::uint32_t pid) {
        std::erase_if(readings.traffic.rows, [&](const TrafficRow& row) { return row.process == id(pid); });
    }

    /// A TCP socket over 192.0.2.0/24, established, with tcp_info. Sockets are read at each sample while
    /// `read_sockets` is set.
    SocketRecord& socket(std::uint64_t cookie, std::uint32_t pid, std::uint32_t fd = 3) {
        SocketRecord socket;
        socket.process = id(pid);
        socket.fd = fd;
        socket.netns = own_netns;
        socket.cookie = cookie;
        socket.inode = 9000 + cookie;
        socket.protocol = Protocol::Tcp;
        socket.state = SocketState::Established;
        socket.local = {{192, 0, 2, 1}, static_cast<std::uint16_t>(10000 + cookie % 1000), false};
        socket.remote = {{192, 0, 2, 2}, 443, false};
        socket.has_tcp_info = true;
        return sockets.emplace_back(socket);
    }

    SnapshotPtr sample(std::chrono::nanoseconds interval = std::chrono::seconds(1)) {
        readings.time.boottime += interval;
        readings.time.realtime += interval;
        readings.sockets.fresh = read_sockets;
        readings.sockets.sockets = read_sockets ? sockets : std::vector<SocketRecord>{};
        SnapshotPtr snapshot = ledger.apply(readings);
        readings.processes = {};
        return snapshot;
    }

    Readings readings;
    std::vector<SocketRecord> sockets;
    bool read_sockets = true;
    Ledger ledger;
};

} // namespace sockledger::test
