// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/held_sockets.hpp"
#include "bench/tool.hpp"
#include "support/checked.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>

/// How a sample grows with the machine: scale_bench [--csv FILE].
using namespace sockledger::bench;
using namespace sockledger::test;

namespace {

constexpr int seconds = 10;

struct Sample {
    double cpu_ms = 0;
    double rss_mib = 0;
    std::size_t lost = 0;
};

/// An engine that reads everything once a second beside what there is.
Sample sample(const Namespace& space) {
    Tool engine(space, {SOCKLEDGER_ENGINE_TICK, std::to_string(seconds), "0"});
    const auto end = engine.wait(std::chrono::seconds(120));
    std::istringstream fields(engine.output());
    double percent = 0, rss_kib = 0, peak_kib = 0;
    std::size_t connections = 0;
    Sample result;
    if (!end || end->status != 0 ||
        !(fields >> percent >> result.cpu_ms >> connections >> rss_kib >> peak_kib >> result.lost))
        throw std::runtime_error("the engine does not run");
    result.rss_mib = rss_kib / 1024;
    return result;
}

/// Programs that do nothing.
class Sleepers {
public:
    Sleepers(const Namespace& space, std::size_t count) {
        std::vector<std::string> words{"sleep", "1000"};
        std::vector<char*> arguments{words[0].data(), words[1].data(), nullptr};
        space.run([&] { // one thread in the namespace starts them all
            for (pids_.reserve(count); pids_.size() < count;) {
                pid_t pid = -1;
                if (posix_spawn(&pid, "/bin/sleep", nullptr, nullptr, arguments.data(), environ) != 0)
                    throw std::runtime_error("there is no room for so many processes");
                pids_.push_back(pid);
            }
        });
    }
    ~Sleepers() {
        for (const pid_t pid : pids_)
            kill(pid, SIGKILL);
        for (const pid_t pid : pids_)
            waitpid(pid, nullptr, 0);
    }
    Sleepers(const Sleepers&) = delete;
    Sleepers& operator=(const Sleepers&) = delete;

private:
    std::vector<pid_t> pids_;
};

Sample with_sockets(std::size_t count) {
    const Namespace space;
    const HeldSockets held(space, count);
    return sample(space);
}

Sample with_processes(std::size_t count) {
    const Namespace space;
    const Sleepers sleepers(space, count);
    return sample(space);
}

Sample with_interfaces(std::size_t count) {
    const Namespace space;
    char path[] = "/tmp/sockledger-bench-XXXXXX";
    const sockledger::UniqueFd file(checked(mkstemp(path), "mkstemp"));
    std::ofstream batch(path);
    for (std::size_t i = 0; i < count / 2; ++i)
        batch << "link add a" << i << " type veth peer name b" << i << '\n';
    batch.close();
    space.ip({"-batch", path});
    unlink(path);
    return sample(space);
}

Sample with_namespaces(std::size_t count) {
    const std::vector<Namespace> spaces(count);
    return sample(spaces.front());
}

/// `count` a minute, each of which sends one datagram to nobody in particular.
Sample with_brief_processes(std::size_t count) {
    const Namespace space;
    Peer server(space, {"brief", "server", "local=127.0.0.1", "count=1000000"});
    server.ready();
    Peer client(space,
                {"brief", "client", "peer=127.0.0.1", "count=1000000", "rate=" + std::to_string(count / 60)});
    client.ready();
    server.go();
    client.go();
    return sample(space);
}

struct Series {
    const char* name;
    std::vector<std::size_t> sizes;
    std::function<Sample(std::size_t)> run;
};

} // namespace

int main(int argc, char** argv) try {
    std::ofstream csv;
    if (argc == 3 && std::strcmp(argv[1], "--csv") == 0)
        csv.open(argv[2]);
    csv << "what,count,cpu_ms,rss_mib,lost\n";
    std::printf("%-28s %10s %12s %14s %10s %8s\n", "one sample a second, all on", "count", "CPU ms",
                "us of each", "RSS MiB", "lost");
    const Sample idle = sample(Namespace());
    for (const Series& series :
         {Series{"sockets", {1'000, 10'000, 100'000}, with_sockets},
          Series{"processes", {100, 1'000, 10'000}, with_processes},
          Series{"interfaces", {100, 1'000, 5'000}, with_interfaces},
          Series{"namespaces", {10, 100, 1'000}, with_namespaces},
          Series{"brief processes a minute", {1'200, 6'000, 20'000}, with_brief_processes}}) {
        for (const std::size_t count : series.sizes) {
            const Sample now = series.run(count);
            std::printf("%-28s %10zu %12.2f %14.2f %10.1f %8zu\n", series.name, count, now.cpu_ms,
                        1000 * (now.cpu_ms - idle.cpu_ms) / static_cast<double>(count), now.rss_mib,
                        now.lost);
            std::fflush(stdout);
            csv << series.name << ',' << count << ',' << now.cpu_ms << ',' << now.rss_mib << ',' << now.lost
                << std::endl;
        }
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "scale_bench: %s\n", error.what());
    return 1;
}
