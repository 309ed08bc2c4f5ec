// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/held_sockets.hpp"
#include "bench/measure.hpp"
#include "bench/process.hpp"
#include "hosts/collectd_host.hpp"
#include "support/daemon_process.hpp"

#include <QCoreApplication>

#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

/// CPU of a collectd with our plugin for each read, beside one with the stock plugins `interface` and
/// `tcpconns`, which know no application. All run at the same time and write to nobody.
using namespace sockledger;
using namespace sockledger::bench;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

constexpr auto duration = 20s;
constexpr std::size_t sockets = 1000;

struct Contender {
    const char* name;
    CollectdHost::Options options;
    std::vector<double> milliseconds = {}, rss = {}, ratios = {};
    std::unique_ptr<CollectdHost> host = {};
    double before = 0;
};

CollectdHost::Options ours(const std::string& socket) {
    CollectdHost::Options options;
    options.plugin = "Socket \"" + QByteArray::fromStdString(socket) + "\"\nInterface \"/./\"";
    return options;
}

CollectdHost::Options stock() {
    CollectdHost::Options options;
    options.config =
        "LoadPlugin interface\nLoadPlugin tcpconns\n<Plugin tcpconns>\n AllPortsSummary true\n</Plugin>\n";
    return options;
}

void measure(std::array<Contender, 3>& contenders, const Namespace& space, const std::string& directory) {
    for (Contender& one : contenders)
        one.host = std::make_unique<CollectdHost>(
            space, QString::fromStdString(directory + "/" + std::to_string(&one - contenders.data())),
            one.options);
    std::this_thread::sleep_for(5s); // the series are there
    for (Contender& one : contenders)
        one.before = cpu_seconds(one.host->pid());
    std::this_thread::sleep_for(duration);
    const double reads = std::chrono::duration<double>(duration).count();
    for (Contender& one : contenders) {
        one.milliseconds.push_back((cpu_seconds(one.host->pid()) - one.before) / reads * 1000);
        one.rss.push_back(memory_mib(one.host->pid(), "VmRSS"));
        one.ratios.push_back(one.milliseconds.back() / contenders[0].milliseconds.back());
    }
    for (Contender& one : contenders)
        if (one.host->stop() != 0)
            throw std::runtime_error("collectd failed:\n" + one.host->said().toStdString());
}

} // namespace

int main(int argc, char** argv) try {
    const QCoreApplication application(argc, argv);
    if (access("/usr/sbin/collectd", X_OK) != 0) {
        std::printf("collectd is not installed\n");
        return 0;
    }
    const Namespace left, right;
    const VethPair link(left, right), second(left, right, 1);
    const Directory directory;
    DaemonProcess daemon(left, directory.path);
    const HeldSockets held(left, sockets);
    std::array<Contender, 3> contenders{{{"interface and tcpconns", stock()},
                                         {"sockledger, with sockledgerd", ours(daemon.socket())},
                                         {"sockledger, by itself", ours("/nowhere/io.sockledger")}}};
    for (std::size_t round = 0; round < rounds(3); ++round)
        measure(contenders, left, directory.path);
    std::printf("%-34s %-22s %-18s %-18s %4s\n", "1,000 TCP sockets, each second", "CPU ms/read (min-max)",
                "CPU, ratio", "RSS MiB", "runs");
    for (const Contender& one : contenders)
        std::printf("%-34s %-22s x%-17s %-18s %4zu\n", one.name,
                    to_string(spread_of(one.milliseconds), 2).c_str(),
                    to_string(spread_of(one.ratios), 2).c_str(), to_string(spread_of(one.rss), 1).c_str(),
                    one.rss.size());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "collectd_bench: %s\n", error.what());
    return 1;
}
