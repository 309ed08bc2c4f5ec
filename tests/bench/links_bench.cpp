// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "kernel/files.hpp"
#include "kernel/link_codec.hpp"
#include "kernel/netlink_dump.hpp"
#include "kernel/proc_net_codec.hpp"
#include "netns/links_scene.hpp"
#include "samplers/links.hpp"
#include "support/checked.hpp"
#include "support/command.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <linux/rtnetlink.h>
#include <sched.h>

/// Time of one reading of all interface counters: ours, and the other ways to get at them. Rounds are
/// interleaved, so that what else the machine does falls on all alike; medians are shown.
using namespace sockledger;
using sockledger::bench::judge;
using namespace sockledger::test;

namespace {

constexpr int rounds = 41;

struct Way {
    const char* name;
    std::function<std::size_t()> read; ///< gives the number of interfaces
    std::vector<double> microseconds = {};
};

void make_interfaces(std::size_t count) {
    std::vector<std::string> make{"link set lo up"};
    if (count % 2 == 0) { // lo is one, pairs are the rest
        make.emplace_back("link add solo0 type bridge");
    }
    for (std::size_t i = 0; i < (count - 1) / 2; ++i) {
        const std::string number = std::to_string(i);
        make.push_back("link add a" + number + " type veth peer name b" + number);
    }
    run_ip(make);
}

std::unique_ptr<NetlinkDump> open_dump() {
    auto socket = NetlinkSocket::open(NETLINK_ROUTE);
    if (!socket) {
        throw std::runtime_error(socket.error().message);
    }
    return std::make_unique<NetlinkDump>(std::make_unique<NetlinkSocket>(std::move(*socket)));
}

std::vector<Way> make_ways() {
    auto source = std::shared_ptr<Source>(make_links_source());
    auto readings = std::make_shared<Readings>();
    auto dump = std::shared_ptr<NetlinkDump>(open_dump());
    return {
        {"sockledger (RTM_GETSTATS)",
         [=] {
             source->read(*readings);
             return readings->links.links.size();
         }},
        {"RTM_GETLINK, decoded",
         [=] {
             std::size_t links = 0;
             const auto done =
                 dump->run(RTM_GETLINK, bytes_of(ifinfomsg{}),
                           [&](std::uint16_t, Bytes payload) { links += decode_link(payload).has_value(); });
             return done ? links : 0;
         }},
        {"/proc/net/dev, decoded",
         [] {
             const auto text = read_file(AT_FDCWD, "/proc/thread-self/net/dev", 16 << 20);
             return text ? decode_proc_net_dev(*text).rows.size() : 0;
         }},
        {"ip -s link",
         [=] {
             run_command({"ip", "-s", "link"});
             return readings->links.links.size();
         }},
    };
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void measure(std::size_t count) {
    checked(unshare(CLONE_NEWNET), "unshare");
    make_interfaces(count);
    auto ways = make_ways();
    for (int round = -1; round < rounds; ++round) { // the first one warms up
        for (Way& way : ways) {
            const auto start = std::chrono::steady_clock::now();
            const std::size_t seen = way.read();
            const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
            if (seen != count) {
                throw std::runtime_error(std::string(way.name) + " saw " + std::to_string(seen) +
                                         " interfaces of " + std::to_string(count));
            }
            if (round >= 0) {
                way.microseconds.push_back(took.count());
            }
        }
    }
    const double ours = median(ways.front().microseconds);
    for (const Way& way : ways) {
        const double time = median(way.microseconds);
        std::printf("%10zu  %-28s %12.1f us %10.1f x", count, way.name, time, time / ours);
        if (&way == &ways.front() && count == 1000)
            std::printf("  %s", judge({"counters of 1,000 interfaces", 1000, "us"}, time).c_str());
        std::printf("\n");
    }
}

} // namespace

int main() try {
    std::printf("%10s  %-28s %15s %12s\n", "interfaces", "way", "median time", "of ours");
    for (const std::size_t count : {10u, 100u, 1000u}) {
        measure(count);
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "links_bench: %s\n", error.what());
    return 1;
}
