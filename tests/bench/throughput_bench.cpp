// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/flows.hpp"
#include "bench/goal.hpp"
#include "bench/observers.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <thread>

/// What it costs the traffic to be watched. Watchers come and go while one flow goes on: one flow is faster
/// than the next for reasons of its own. Each watched second is compared with the mean of the bare half
/// seconds before and after it, so that what else the machine does falls on both.
using namespace sockledger;
using namespace sockledger::bench;
using namespace std::chrono_literals;
using test::Namespace;
using test::Offloads;
using test::VethEnd;
using test::VethPair;

namespace {

struct Row {
    std::string name;
    std::function<std::unique_ptr<Observer>()> watch;
    std::function<double()> moved = nullptr; ///< what it should count, by the device there
    bool ours = false;
    std::size_t every = 1;               ///< measured in one of so many rounds
    std::vector<double> throughput = {}; ///< of the bare runs
    std::vector<double> cpu = {};
    std::vector<double> missed = {}; ///< percent of what the device counted
};

struct Case {
    std::string name;
    double most_lost;       ///< percent of the bare throughput
    double most_over_floor; ///< percent of the throughput with two empty programs; 0: no goal
    std::string unit;
    std::string what; ///< a Flow counts
    double scale;     ///< units in what a Flow gives
};

std::vector<Row> rows(const VethPair& link) {
    std::vector<Row> rows;
    rows.push_back({"sockledger", [&] { return observe_with_sockledger(link); },
                    [&] { return double(link.right().counters().rx_bytes); }, true});
    rows.push_back({"two empty programs", [] { return observe_with_empty_programs(); }});
    if (!find_program("nethogs").empty())
        rows.push_back({"nethogs", [&] { return observe_with_nethogs(link); },
                        [&] { return double(link.left().counters().tx_bytes); }, false, 8});
    if (!find_program("tcpdump").empty())
        rows.push_back({"tcpdump -s 96", [&] { return observe_with_tcpdump(link); },
                        [&] { return double(link.left().counters().tx_packets); }, false, 8});
    return rows;
}

constexpr std::chrono::milliseconds bare_slice = 500ms;
constexpr std::chrono::milliseconds watched_slice = 1000ms;
constexpr std::chrono::milliseconds settling = 100ms; // after a watcher has come or gone

/// Nobody else may watch: waits for others to end, and says so when they do not.
FlowResult measure_bare(const Flow& flow) {
    for (int attempt = 0; attempt < 60; ++attempt) {
        std::this_thread::sleep_for(settling);
        if (!packets_are_watched()) {
            const FlowResult result = measure(flow, bare_slice);
            if (!packets_are_watched())
                return result;
        }
        std::this_thread::sleep_for(bare_slice);
    }
    throw std::runtime_error("another program watches the packets of this machine, end it first");
}

FlowResult measure_watched(const Flow& flow, const Row& row) {
    const auto observer = row.watch();
    std::this_thread::sleep_for(settling);
    return measure(flow, watched_slice);
}

/// Percent of what the device counts in a second that the watcher does not.
void look_for_missed(Flow& flow, Row& row, const VethPair& link) {
    link.wait_until_quiet();
    const auto observer = row.watch();
    const double before = row.moved();
    flow.begin();
    std::this_thread::sleep_for(watched_slice);
    flow.end();
    link.wait_until_quiet();
    const double moved = row.moved() - before;
    if (const auto counted = observer->finish(); counted && moved > 0)
        row.missed.push_back(100 * (1 - *counted / moved));
}

/// Throughput of the one by that of the other, round by round: each is a share of its bare neighbours.
Spread against(const Row& one, const Row& other) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(one.throughput.size(), other.throughput.size()); ++i)
        ratios.push_back(one.throughput[i] / other.throughput[i]);
    return spread_of(std::move(ratios));
}

void print(const Case& each, const std::vector<Row>& rows, const Spread& bare, const Spread& bare_cpu) {
    std::printf("%s: bare %s %s, both ends take %s ns of CPU for each %s, %zu runs\n", each.name.c_str(),
                to_string(bare, 2).c_str(), each.unit.c_str(), to_string(bare_cpu, 2).c_str(),
                each.what.c_str(), bare.runs);
    for (const Row& row : rows) {
        const Spread throughput = spread_of(row.throughput);
        const Spread cpu = spread_of(row.cpu);
        std::string missed = "-";
        if (!row.missed.empty()) {
            char text[40];
            std::snprintf(text, sizeof text, "%.4f %%", spread_of(row.missed).median);
            missed = text;
        }
        std::printf("    %-20s throughput x %-20s CPU x %-20s missed %-12s %3zu runs", row.name.c_str(),
                    to_string(throughput, 3).c_str(), to_string(cpu, 3).c_str(), missed.c_str(),
                    throughput.runs);
        if (row.ours)
            std::printf(
                "  lost %.1f %% %s", 100 * (1 - throughput.median),
                judge({each.name + ": lost", each.most_lost, "%"}, 100 * (1 - throughput.median)).c_str());
        std::printf("\n");
    }
    const double lost = 100 * (1 - against(rows[0], rows[1]).median);
    std::printf("    sockledger against two empty programs: throughput x %s, lost %.1f %%",
                to_string(against(rows[0], rows[1]), 3).c_str(), lost);
    if (each.most_over_floor > 0)
        std::printf(
            " %s",
            judge({each.name + ": lost beyond two empty programs", each.most_over_floor, "%"}, lost).c_str());
    std::printf("\n");
    std::fflush(stdout);
}

void measure(const Case& each, Flow& flow, const VethPair& link) {
    std::vector<Row> watched = rows(link);
    std::vector<double> bare;
    std::vector<double> bare_cpu;
    flow.begin();
    measure(flow, 1s); // warms up
    FlowResult before = measure_bare(flow);
    for (std::size_t round = 0; round < rounds(24); ++round) {
        for (Row& row : watched) {
            if (round % row.every != 0)
                continue;
            const FlowResult result = measure_watched(flow, row);
            const FlowResult after = measure_bare(flow);
            row.throughput.push_back(2 * result.per_second / (before.per_second + after.per_second));
            row.cpu.push_back(2 * result.cpu_ns_per_unit / (before.cpu_ns_per_unit + after.cpu_ns_per_unit));
            bare.push_back(after.per_second / each.scale);
            bare_cpu.push_back(after.cpu_ns_per_unit);
            before = after;
        }
    }
    flow.end();
    for (Row& row : watched) {
        for (std::size_t round = 0; row.moved && round < std::min<std::size_t>(rounds(3), 3); ++round)
            look_for_missed(flow, row, link);
    }
    print(each, watched, spread_of(bare), spread_of(bare_cpu));
}

void measure_tcp(const VethPair& link, const char* name, Offloads offloads, double most_lost,
                 double most_over_floor) {
    link.set_offloads(offloads);
    const auto flow = make_iperf_flow(link);
    if (!flow) {
        std::printf("%s: left out, iperf3 is not installed\n", name);
        return;
    }
    measure({name, most_lost, most_over_floor, "Gbit/s", "byte", 1e9 / 8}, *flow, link);
}

} // namespace

int main() try {
    const Namespace left;
    const Namespace right;
    // Every kernel lets a namespace have it; bbr paces itself by timers, and hides what a packet costs.
    for (const Namespace* space : {&left, &right})
        space->sysctl("net/ipv4/tcp_congestion_control", "reno");
    const VethPair link(left, right);
    if (find_program("nethogs").empty())
        std::printf("nethogs is not installed: its rows are left out\n");
    if (find_program("tcpdump").empty())
        std::printf("tcpdump is not installed: its rows are left out\n");
    measure_tcp(link, "TCP, offloads on", Offloads::On, 1, 0);
    measure_tcp(link, "TCP, offloads off", Offloads::Off, 5, 3);
    measure({"UDP, 64 bytes, full rate", 10, 3, "million/s", "datagram", 1e6}, *make_udp_flood(link), link);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "throughput_bench: %s\n", error.what());
    return 1;
}
