// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/held_sockets.hpp"
#include "bench/measure.hpp"
#include "bench/process.hpp"
#include "support/daemon_process.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <thread>

/// CPU and memory of sockledgerd with history on: idle, and with clients that look at everything.
using namespace sockledger;
using namespace sockledger::bench;
using namespace std::chrono_literals;
using sockledger::test::DaemonProcess;
using sockledger::test::Namespace;

namespace {

constexpr auto duration = 20s;
constexpr double most_rss_mib = 30;

struct Scene {
    const char* name;
    std::size_t sockets; ///< held open by other processes
    int subscribers;     ///< one snapshot of all four lists each second
    double most_percent; ///< of a core; 0: no goal
};

std::unique_ptr<Feed> subscribe(const DaemonProcess& daemon) {
    FeedOptions options;
    options.source = FeedOptions::Source::Daemon;
    options.socket = daemon.socket();
    auto feed = open_feed(options);
    if (!feed)
        throw std::runtime_error(feed.error().message);
    return *std::move(feed);
}

void measure(const Scene& scene) {
    const Namespace space;
    std::optional<HeldSockets> held;
    if (scene.sockets > 0)
        held.emplace(space, scene.sockets);
    std::vector<double> percent, rss, peak;
    for (std::size_t round = 0; round < rounds(3); ++round) {
        const Directory directory;
        DaemonProcess daemon(space, directory.path);
        std::vector<std::unique_ptr<Feed>> feeds;
        for (int i = 0; i < scene.subscribers; ++i)
            feeds.push_back(subscribe(daemon));
        const auto begin = std::chrono::steady_clock::now();
        const double cpu = cpu_seconds(daemon.pid());
        for (auto due = begin + 1s; due <= begin + duration; due += 1s) {
            std::this_thread::sleep_until(due);
            for (const auto& feed : feeds)
                if (const auto snapshot = feed->sample();
                    !snapshot || (*snapshot)->connections.size() < scene.sockets)
                    throw std::runtime_error(snapshot ? "sockets are missing" : snapshot.error().message);
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        percent.push_back((cpu_seconds(daemon.pid()) - cpu) / took.count() * 100);
        rss.push_back(memory_mib(daemon.pid(), "VmRSS"));
        peak.push_back(memory_mib(daemon.pid(), "VmHWM"));
    }
    const Spread share = spread_of(percent), memory = spread_of(rss);
    std::printf("%-42s %-23s %-19s %-19s %4zu", scene.name, to_string(share, 2).c_str(),
                to_string(memory, 1).c_str(), to_string(spread_of(peak), 1).c_str(), share.runs);
    const std::string name = std::string("daemon, ") + scene.name;
    if (scene.most_percent > 0)
        std::printf("  CPU %s,", judge({name + ": CPU", scene.most_percent, "%"}, share.median).c_str());
    if (scene.sockets == 0)
        std::printf("  RSS %s", judge({name + ": RSS", most_rss_mib, "MiB"}, memory.median).c_str());
    std::printf("\n");
    std::fflush(stdout);
}

} // namespace

int main() try {
    std::printf("%-42s %-23s %-19s %-19s %4s  %s\n", "sockledgerd with history", "% of a core (min-max)",
                "RSS MiB", "peak MiB", "runs", "goal");
    measure({"nobody asks", 0, 0, 0.5});
    measure({"one client, all lists each second", 0, 1, 0});
    measure({"10,000 sockets, nobody asks", 10'000, 0, 0});
    measure({"10,000 sockets, one client, all lists", 10'000, 1, 3});
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "daemon_bench: %s\n", error.what());
    return 1;
}
