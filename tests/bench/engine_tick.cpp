// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/measure.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sockledger/engine.hpp>
#include <string>
#include <thread>

/// A process that does nothing but sample: engine_tick SECONDS SOCKET_INTERVAL_MS (-1: no socket table).
/// Prints percent of a core, ms of CPU for each sample, connections, VmRSS and VmHWM in KiB,
/// and what was lost (bytes and events of all sources).
using namespace sockledger;

namespace {

long status_kib(const std::string& field) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(field + ":"))
            return std::atol(line.c_str() + field.size() + 1);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    const int seconds = std::atoi(argv[1]);
    const int interval = std::atoi(argv[2]);
    EngineOptions options;
    options.sockets = interval >= 0;
    options.socket_interval = std::chrono::milliseconds(interval);
    auto engine = Engine::open(options);
    if (!engine) {
        std::fprintf(stderr, "%s\n", engine.error().message.c_str());
        return 1;
    }
    // The first samples describe every process of the machine once.
    std::size_t connections = 0;
    std::uint64_t lost = 0;
    for (int warm_up = 0; warm_up < 2; ++warm_up)
        (void)(*engine)->sample();
    using Clock = std::chrono::steady_clock;
    const double cpu = bench::process_cpu_ms();
    const auto begin = Clock::now();
    for (int tick = 1; tick <= seconds; ++tick) {
        std::this_thread::sleep_until(begin + std::chrono::seconds(tick));
        if (auto snapshot = (*engine)->sample()) {
            connections = (*snapshot)->connections.size();
            lost = 0;
            for (const SourceStatus& source : (*snapshot)->sources)
                lost += source.lost_bytes + source.lost_events;
        }
    }
    const double used = bench::process_cpu_ms() - cpu;
    const std::chrono::duration<double, std::milli> wall = Clock::now() - begin;
    std::printf("%f %f %zu %ld %ld %lu\n", 100 * used / wall.count(), used / seconds, connections,
                status_kib("VmRSS"), status_kib("VmHWM"), lost);
    return 0;
}
