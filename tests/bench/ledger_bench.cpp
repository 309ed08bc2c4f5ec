// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace sockledger;
using namespace sockledger::test;

namespace {

using Clock = std::chrono::steady_clock;

double median_us(std::vector<double>& times) {
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    return times[times.size() / 2];
}

long peak_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

// Sockets of 300 processes, each with its own program, and a row for each process.
void fill(Script& script, std::uint64_t sockets) {
    constexpr std::uint32_t processes = 300;
    script.link(2, "").default_route = true;
    for (std::uint32_t pid = 1000; pid < 1000 + processes; ++pid) {
        script
            .process(pid, "/usr/lib/some-application/program-" + std::to_string(pid),
                     "/system.slice/service-" + std::to_string(pid / 2) + ".service")
            .command_line = {"program", "--with", "--some=arguments", "--that-are=rather long"};
        script.receive(pid, 2, 10, 1500);
    }
    for (std::uint64_t cookie = 1; cookie <= sockets; ++cookie) {
        SocketRecord& socket =
            script.socket(cookie * 7919 % 1000003, static_cast<std::uint32_t>(1000 + cookie % processes));
        socket.wire_counted = true;
    }
    std::ranges::sort(script.sockets, {}, &SocketRecord::process);
}

double tick(Script& script, bool read_sockets) {
    std::vector<double> times;
    for (int i = 0; i < 51; ++i) {
        script.readings.time.boottime += std::chrono::seconds(1);
        script.readings.sockets.fresh = read_sockets;
        script.readings.sockets.sockets = read_sockets ? script.sockets : std::vector<SocketRecord>{};
        for (TrafficRow& row : script.readings.traffic.rows) {
            row.counters.rx_bytes += 1500;
            ++row.counters.rx_packets;
        }
        const auto begin = Clock::now();
        const SnapshotPtr snapshot = script.ledger.apply(script.readings);
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        script.readings.processes = {};
    }
    return median_us(times);
}

} // namespace

/// What the engine adds to the reading of the sources: one tick of the Ledger.
int main() {
    std::printf("%10s %22s %24s %12s\n", "sockets", "tick with table (us)", "tick without table (us)",
                "peak (KiB)");
    for (const std::uint64_t sockets : {std::uint64_t{100}, std::uint64_t{1000}, std::uint64_t{10000}}) {
        Script script;
        fill(script, sockets);
        const double with_table = tick(script, true);
        const double without_table = tick(script, false);
        std::printf("%10llu %22.0f %24.0f %12ld\n", static_cast<unsigned long long>(sockets), with_table,
                    without_table, peak_kib());
    }
    return 0;
}
