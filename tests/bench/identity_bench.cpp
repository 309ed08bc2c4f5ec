// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/psutil.hpp"

#include "support/checked.hpp"

#include <sockledger/engine.hpp>

#include <csignal>
#include <cstdio>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>

using namespace sockledger;
using namespace sockledger::bench;
using namespace sockledger::test;

namespace {

constexpr std::size_t processes = 3000;

/// Processes with a socket each, ended with this object.
class Crowd {
public:
    explicit Crowd(const Namespace& space) {
        space.run([&] {
            for (std::size_t i = 0; i < processes; ++i)
                pids_.push_back(start());
        });
        char ready = 0;
        for (std::size_t i = 0; i < processes; ++i)
            checked(read(ready_.read_end.get(), &ready, 1), "read");
    }
    ~Crowd() {
        for (pid_t pid : pids_)
            kill(pid, SIGKILL);
        for (pid_t pid : pids_)
            waitpid(pid, nullptr, 0);
    }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

private:
    pid_t start() {
        const pid_t pid = checked(fork(), "fork");
        if (pid == 0) {
            const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            sockaddr_in any{};
            any.sin_family = AF_INET;
            const bool bound = fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0;
            if (!bound || write(ready_.write_end.get(), "x", 1) != 1)
                _exit(1);
            for (;;)
                pause();
        }
        return pid;
    }

    Pipe ready_ = make_pipe();
    std::vector<pid_t> pids_;
};

double took_ms(const Snapshot& snapshot, const char* source) {
    return std::chrono::duration<double, std::milli>(snapshot.source(source)->took).count();
}

void measure(const Namespace& space) {
    const std::size_t runs = rounds(7);
    const bool compare = has_psutil(space);
    std::vector<double> first_apps, first_processes, tick_apps, tick_processes, whole, theirs, ratio;
    for (std::size_t run = 0; run < runs; ++run) {
        auto engine = *Engine::open();
        const Cost begin = cost_of([&] {
            const SnapshotPtr first = *engine->sample();
            first_apps.push_back(took_ms(*first, "apps"));
            first_processes.push_back(took_ms(*first, "processes"));
        });
        for (int i = 0; i < 20; ++i) {
            SnapshotPtr snapshot;
            const Cost tick = cost_of([&] { snapshot = *engine->sample(); });
            tick_apps.push_back(took_ms(*snapshot, "apps"));
            tick_processes.push_back(took_ms(*snapshot, "processes"));
            whole.push_back(tick.wall_ms);
        }
        if (const auto answer = compare ? psutil(space, psutil_process_by_process) : std::nullopt) {
            theirs.push_back(answer->cost.wall_ms);
            ratio.push_back(answer->cost.wall_ms / begin.wall_ms);
        }
    }
    const auto line = [](const char* what, const std::vector<double>& values, const std::string& goal) {
        std::printf("%-58s %20s  %s\n", what, to_string(spread_of(values), 2).c_str(), goal.c_str());
    };
    std::printf("%zu processes with a socket each; ms\n", processes);
    line("first sample: which application each is", first_apps,
         judge({"applications of 3,000 processes, first sample", 30, "ms"}, spread_of(first_apps).median));
    line("first sample: reading /proc", first_processes, "");
    line("each sample after: which application each is", tick_apps,
         judge({"applications of 3,000 processes, later samples", 1, "ms"}, spread_of(tick_apps).median));
    line("each sample after: processes that came, exec'ed or ended", tick_processes, "");
    line("each sample after, with the whole socket table", whole, "");
    line("psutil, process by process", theirs, compare ? "" : "left out: python3-psutil is not installed");
    line("psutil against our first sample of everything", ratio, "times");
}

} // namespace

/// What it costs to know what many processes are.
int main() {
    const Namespace space;
    const Crowd crowd(space);
    space.run([&] { measure(space); });
}
