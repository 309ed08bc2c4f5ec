// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "soak/watch.hpp"

#include <sockledger/daemon.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace sockledger::test {
namespace {

double status_number(const std::string& directory, const std::string& name) {
    std::ifstream file(directory + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":"))
            return std::stod(line.substr(name.size() + 1));
    }
    throw std::runtime_error(directory + " has no " + name);
}

/// Dead children of `pid`.
std::size_t count_zombies(pid_t pid) {
    std::size_t zombies = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
        std::ifstream children(task.path() / "children");
        for (std::string child; children >> child;) {
            std::ifstream file("/proc/" + child + "/stat");
            std::string stat;
            std::getline(file, stat);
            const std::size_t name_end = stat.rfind(") ");
            zombies += name_end != stat.npos && stat[name_end + 2] == 'Z';
        }
    }
    return zombies;
}

/// The counters of one Snapshot by what they count.
using Counters = std::map<std::string, std::uint64_t>;

void add(Counters& counters, const std::string& name, const Traffic& traffic) {
    counters[name + " rx bytes"] = traffic.rx_bytes;
    counters[name + " tx bytes"] = traffic.tx_bytes;
    counters[name + " rx packets"] = traffic.rx_packets;
    counters[name + " tx packets"] = traffic.tx_packets;
}

Counters counters_of(const Snapshot& snapshot) {
    Counters counters;
    add(counters, "total", snapshot.total);
    for (const App& app : snapshot.apps) {
        add(counters, app.id, app.traffic);
        add(counters, app.id + " on loopback", app.loopback);
    }
    for (const Interface& interface : snapshot.interfaces)
        add(counters,
            interface.name + " of " + std::to_string(interface.id.netns) + " " +
                std::to_string(interface.id.ifindex),
            interface.total);
    return counters;
}

} // namespace

Figures figures_of(pid_t pid) {
    namespace fs = std::filesystem;
    const std::string directory = "/proc/" + std::to_string(pid);
    const auto descriptors =
        std::distance(fs::directory_iterator(directory + "/fd"), fs::directory_iterator());
    return {status_number(directory, "VmRSS") / 1024, static_cast<std::size_t>(descriptors),
            static_cast<std::size_t>(status_number(directory, "Threads")), count_zombies(pid)};
}

std::string to_string(const Figures& figures) {
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << figures.rss_mib << " MiB, " << figures.descriptors << " descriptors, "
         << figures.threads << " threads, " << figures.zombies << " zombies";
    return text.str();
}

TotalsWatch::TotalsWatch(const std::string& socket) : thread_([this, socket] { run(socket); }) {}

TotalsWatch::~TotalsWatch() {
    stop();
}

std::string TotalsWatch::stop() {
    stopping_ = true;
    if (thread_.joinable())
        thread_.join();
    return fallen_;
}

void TotalsWatch::run(const std::string& socket) {
    FeedOptions options;
    options.source = FeedOptions::Source::Daemon;
    options.socket = socket;
    options.sections = {.processes = false, .connections = false};
    auto feed = open_lasting_feed(options);
    if (!feed) {
        fallen_ = feed.error().message;
        return;
    }
    Counters before;
    for (; !stopping_ && fallen_.empty(); std::this_thread::sleep_for(std::chrono::milliseconds(700))) {
        const auto snapshot = (*feed)->sample();
        if (!snapshot)
            continue; // the daemon is away
        ++snapshots_;
        Counters now = counters_of(**snapshot);
        for (const auto& [name, count] : now) {
            const auto last = before.find(name);
            if (last != before.end() && count < last->second)
                fallen_ = name + " fell from " + std::to_string(last->second) + " to " +
                          std::to_string(count) + " at snapshot " + std::to_string(snapshots_);
        }
        before = std::move(now);
    }
}

} // namespace sockledger::test
