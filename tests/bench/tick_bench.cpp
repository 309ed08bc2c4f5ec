// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/held_sockets.hpp"
#include "bench/tool.hpp"

#include <cstdio>
#include <sstream>
#include <stdexcept>

/// CPU and memory of an engine that samples each second, in a process that does nothing else.
using namespace sockledger::bench;
using sockledger::test::Namespace;

namespace {

constexpr int seconds = 21;
constexpr double most_mib = 20;

struct Scene {
    const char* name;
    std::size_t sockets; ///< held open by other processes
    const char* interval_ms;
    double most_percent; ///< of a core; 0: no goal
};

struct Tick {
    double percent = 0;
    double cpu_ms = 0;
    std::size_t connections = 0;
    double rss_kib = 0;
    double peak_kib = 0;
};

Tick run(const Namespace& space, const Scene& scene) {
    Tool engine(space, {SOCKLEDGER_ENGINE_TICK, std::to_string(seconds), scene.interval_ms});
    const auto end = engine.wait(std::chrono::seconds(2 * seconds + 20));
    Tick tick;
    std::istringstream fields(engine.output());
    if (!end || end->status != 0 ||
        !(fields >> tick.percent >> tick.cpu_ms >> tick.connections >> tick.rss_kib >> tick.peak_kib))
        throw std::runtime_error("the engine does not run");
    if (tick.connections < scene.sockets)
        throw std::runtime_error("the engine saw " + std::to_string(tick.connections) + " sockets of " +
                                 std::to_string(scene.sockets));
    return tick;
}

void measure(const Scene& scene) {
    const Namespace space;
    std::optional<HeldSockets> held;
    if (scene.sockets > 0)
        held.emplace(space, scene.sockets);
    std::vector<double> percent, cpu, rss, peak;
    for (std::size_t round = 0; round < rounds(3); ++round) {
        const Tick tick = run(space, scene);
        percent.push_back(tick.percent);
        cpu.push_back(tick.cpu_ms);
        rss.push_back(tick.rss_kib / 1024);
        peak.push_back(tick.peak_kib / 1024);
    }
    const Spread share = spread_of(percent);
    const Spread memory = spread_of(rss);
    std::printf("%-42s %-23s %8.2f  %-19s %-19s %4zu", scene.name, to_string(share, 3).c_str(),
                spread_of(cpu).median, to_string(memory, 1).c_str(), to_string(spread_of(peak), 1).c_str(),
                share.runs);
    const std::string name = scene.name;
    if (scene.most_percent > 0)
        std::printf("  CPU %s,", judge({name + ": CPU", scene.most_percent, "%"}, share.median).c_str());
    std::printf("  RSS %s\n", judge({name + ": RSS", most_mib, "MiB"}, memory.median).c_str());
    std::fflush(stdout);
}

} // namespace

int main() try {
    std::printf("%-42s %-23s %8s  %-19s %-19s %4s  %s\n", "one sample a second", "% of a core (min-max)",
                "CPU ms", "RSS MiB", "peak MiB", "runs", "goal");
    measure({"links, traffic and processes, idle", 0, "-1", 0.1});
    measure({"10,000 sockets, their table every 3 s", 10'000, "3000", 0.5});
    measure({"10,000 sockets, their table every second", 10'000, "0", 0});
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "tick_bench: %s\n", error.what());
    return 1;
}
