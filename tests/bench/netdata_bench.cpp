// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/measure.hpp"
#include "bench/process.hpp"
#include "support/checked.hpp"
#include "support/daemon_process.hpp"
#include "support/spawn.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

/// CPU and memory of sockledger.plugin with 50 applications that speak, beside Netdata's own apps.plugin,
/// which shows the same processes without their traffic. Each writes to nobody.
using namespace sockledger;
using namespace sockledger::bench;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

constexpr auto duration = 20s;
constexpr int applications = 50;
constexpr const char* peer_plugin = "/usr/lib/netdata/plugins.d/apps.plugin";

/// A program that is there as long as this object, with a pipe as its input.
class Running {
public:
    Running(const Namespace& space, std::vector<std::string> arguments) {
        const UniqueFd nowhere(checked(open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null"));
        pid_ = spawn(space, std::move(arguments), {input_.read_end.get(), nowhere.get(), nowhere.get()});
    }
    ~Running() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    pid_t pid() const { return pid_; }

private:
    Pipe input_ = make_pipe();
    pid_t pid_ = -1;
};

/// Programs that send something ten times in two seconds.
std::vector<std::unique_ptr<Running>> start_applications(const Namespace& space, const std::string& folder,
                                                         const std::string& address) {
    const std::string program = folder + "/program";
    std::filesystem::copy_file("/bin/bash", program);
    std::vector<std::unique_ptr<Running>> running;
    for (int i = 0; i < applications; ++i) {
        const std::string name = folder + "/application-" + std::to_string(i);
        std::filesystem::create_hard_link(program, name);
        running.push_back(std::make_unique<Running>(
            space, std::vector<std::string>{name, "-c",
                                            "exec 3>/dev/udp/" + address +
                                                "/9; while :; do echo hello >&3; read -t 0.2; done"}));
    }
    return running;
}

struct Figures {
    std::vector<double> percent, rss;

    void print(const char* name) const {
        std::printf("%-42s %-23s %-19s %4zu", name, to_string(spread_of(percent), 3).c_str(),
                    to_string(spread_of(rss), 1).c_str(), percent.size());
    }
};

void measure(const std::vector<std::pair<const Running*, Figures*>>& programs) {
    std::this_thread::sleep_for(5s); // the charts are there
    std::vector<double> before;
    for (const auto& [program, cost] : programs)
        before.push_back(cpu_seconds(program->pid()));
    const auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(duration);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    for (std::size_t i = 0; i < programs.size(); ++i) {
        const auto& [program, cost] = programs[i];
        cost->percent.push_back((cpu_seconds(program->pid()) - before[i]) / took.count() * 100);
        cost->rss.push_back(memory_mib(program->pid(), "VmRSS"));
    }
}

} // namespace

int main() try {
    const Namespace left, right;
    const VethPair link(left, right);
    const Directory directory;
    DaemonProcess daemon(left, directory.path);
    const auto speaking = start_applications(left, directory.path, link.right().ipv4);
    std::ofstream(directory.path + "/sockledger.conf") << "[plugin]\nsocket = " << daemon.socket() << "\n";
    const bool compare = access(peer_plugin, X_OK) == 0;
    Figures ours, theirs;
    std::vector<double> ratios;
    for (std::size_t round = 0; round < rounds(3); ++round) {
        const Running plugin(left, {"/usr/bin/env", "NETDATA_USER_CONFIG_DIR=" + directory.path,
                                    SOCKLEDGER_NETDATA_PLUGIN, "1"});
        std::vector<std::pair<const Running*, Figures*>> programs{{&plugin, &ours}};
        std::unique_ptr<Running> peer;
        if (compare) {
            peer = std::make_unique<Running>(
                left,
                std::vector<std::string>{"/usr/bin/env", "NETDATA_STOCK_CONFIG_DIR=/usr/lib/netdata/conf.d",
                                         peer_plugin, "1"});
            programs.emplace_back(peer.get(), &theirs);
        }
        measure(programs);
        if (compare)
            ratios.push_back(ours.percent.back() / theirs.percent.back());
    }
    std::printf("%-42s %-23s %-19s %4s\n", "50 applications that speak, each second", "% of a core (min-max)",
                "RSS MiB", "runs");
    ours.print("sockledger.plugin");
    std::printf("  CPU %s, RSS %s\n",
                judge({"Netdata plugin: CPU", 0.5, "%"}, spread_of(ours.percent).median).c_str(),
                judge({"Netdata plugin: RSS", 10, "MiB"}, spread_of(ours.rss).median).c_str());
    if (!compare) {
        std::printf("apps.plugin is not installed\n");
        return 0;
    }
    theirs.print("apps.plugin");
    std::printf("\n%-42s x%s\n", "ours against theirs, CPU", to_string(spread_of(ratios), 2).c_str());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "netdata_bench: %s\n", error.what());
    return 1;
}
