// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/held_sockets.hpp"
#include "bench/measure.hpp"
#include "bench/psutil.hpp"
#include "bench/tool.hpp"
#include "kernel/socket_table.hpp"
#include "samplers/sock_diag_sockets.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <sstream>
#include <stdexcept>

/// Time of one full socket table with owners: ours, and what other tools take to show the same sockets.
/// Each measurement of another one comes right after one of ours, and is compared with that one.
using namespace sockledger;
using namespace sockledger::bench;
using test::Namespace;

namespace {

constexpr std::chrono::seconds longest_run(90);

struct Listing {
    Cost cost;
    std::size_t sockets = 0;
};

struct Way {
    std::string name;
    std::function<std::optional<Listing>()> list; ///< nothing: it took too long
    std::size_t runs = 0;                         ///< wanted
    double goal = 0;                              ///< times of our time, at least; 0: none was set
    std::string left_out = {};
    std::vector<double> wall = {};
    std::vector<double> cpu = {};
    std::vector<double> ratio = {};
};

Listing table_of_bpf(SocketTable& table, std::vector<SocketRecord>& sockets, std::uint32_t netns) {
    Listing listing;
    listing.cost = cost_of([&] {
        if (auto done = table.read(sockets); !done)
            throw std::runtime_error(done.error().message);
    });
    listing.sockets = static_cast<std::size_t>(
        std::ranges::count(sockets, netns, [](auto& socket) { return socket.netns; }));
    return listing;
}

Listing table_of_sock_diag(SockDiagTable& table) {
    Listing listing;
    listing.cost = cost_of([&] {
        auto sockets = table.read();
        if (!sockets)
            throw std::runtime_error(sockets.error().message);
        listing.sockets = sockets->size();
    });
    return listing;
}

std::optional<Listing> lines_of(const Namespace& space, const std::vector<std::string>& command) {
    Tool tool(space, command);
    const auto end = tool.wait(longest_run);
    if (!end)
        return std::nullopt;
    const std::string output = tool.output();
    return Listing{end->cost, static_cast<std::size_t>(std::ranges::count(output, '\n'))};
}

Way tool_way(const Namespace& space, const std::string& name, const std::string& option) {
    Way way{name + " " + option, {}};
    const std::string path = find_program(name);
    if (path.empty())
        way.left_out = name + " is not installed";
    way.list = [&space, path, option] { return lines_of(space, {path, option}); };
    return way;
}

Way psutil_way(const Namespace& space, const std::string& name, const std::string& count) {
    Way way{name, [&space, count]() -> std::optional<Listing> {
                const auto answer = psutil(space, count);
                return answer ? std::optional(Listing{answer->cost, answer->count}) : std::nullopt;
            }};
    if (!has_psutil(space))
        way.left_out = "python3-psutil is not installed";
    return way;
}

std::vector<Way> other_ways(const Namespace& space, std::size_t sockets) {
    std::vector<Way> ways;
    ways.push_back(tool_way(space, "ss", "-tunap"));
    ways.push_back(tool_way(space, "lsof", "-nPi"));
    ways.push_back(
        psutil_way(space, "psutil net_connections()", "n = len(psutil.net_connections('inet'))\n"));
    ways.push_back(psutil_way(space, "psutil, process by process", psutil_process_by_process));
    auto diag = std::make_shared<SockDiagTable>();
    ways.push_back({"sockledger without BPF", [diag] { return table_of_sock_diag(*diag); }});
    for (Way& way : ways)
        way.runs = rounds(sockets >= 100'000 ? 5 : sockets >= 10'000 ? 11 : 15);
    enum { ss, lsof, all, each };
    if (sockets == 10'000) {
        ways[ss].goal = 10;
        ways[all].goal = 12;
        ways[each].goal = 50;
    } else if (sockets == 100'000) {
        ways[ss].goal = 25;
        ways[each].runs = 1; // 20 s
    }
    return ways;
}

void print(std::size_t sockets, const Way& way) {
    if (!way.left_out.empty()) {
        std::printf("%8zu  %-27s left out: %s\n", sockets, way.name.c_str(), way.left_out.c_str());
        return;
    }
    const Spread wall = spread_of(way.wall);
    const Spread ratio = spread_of(way.ratio);
    std::string goal;
    if (way.goal > 0)
        goal = judge({std::to_string(sockets) + " sockets, faster than " + way.name, way.goal, "times", true},
                     ratio.median);
    std::printf("%8zu  %-27s %-27s %10.1f  %-20s %5zu  %s\n", sockets, way.name.c_str(),
                to_string(wall, 1).c_str(), spread_of(way.cpu).median, to_string(ratio, 1).c_str(), wall.runs,
                goal.c_str());
    std::fflush(stdout);
}

void check(const Way& way, const Listing& listing, std::size_t sockets) {
    if (listing.sockets < sockets)
        throw std::runtime_error(way.name + " saw " + std::to_string(listing.sockets) + " sockets of " +
                                 std::to_string(sockets));
}

void note(Way& way, const Listing& listing) {
    way.wall.push_back(listing.cost.wall_ms);
    way.cpu.push_back(listing.cost.cpu_ms);
}

void measure(const BpfPrograms& programs, std::size_t sockets) {
    const Namespace space;
    const HeldSockets held(space, sockets);
    SocketTable table(programs);
    std::vector<SocketRecord> records;
    Way ours{"sockledger", [&] { return table_of_bpf(table, records, space.inum()); }};
    std::vector<Way> others = other_ways(space, sockets);
    ours.list(); // warms up
    std::size_t most = 0;
    for (const Way& way : others)
        most = std::max(most, way.runs);
    for (std::size_t round = 0; round < most; ++round) {
        for (Way& way : others) {
            if (round >= way.runs || !way.left_out.empty())
                continue;
            const Listing mine = *ours.list();
            check(ours, mine, sockets);
            note(ours, mine);
            const auto theirs = way.list();
            if (!theirs) {
                way.left_out = "not done after " + std::to_string(longest_run.count()) + " s";
                continue;
            }
            check(way, *theirs, sockets);
            note(way, *theirs);
            way.ratio.push_back(theirs->cost.wall_ms / mine.cost.wall_ms);
        }
    }
    print(sockets, ours);
    for (const Way& way : others)
        print(sockets, way);
}

} // namespace

int main() try {
    auto programs = BpfPrograms::open();
    if (!programs)
        throw std::runtime_error(programs.error().message);
    std::printf("%8s  %-27s %-27s %10s  %-20s %5s  %s\n", "sockets", "way", "wall ms (min-max)", "CPU ms",
                "of ours (min-max)", "runs", "goal");
    for (const std::size_t sockets : {1'000u, 10'000u, 100'000u})
        measure(**programs, sockets);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "socket_table_bench: %s\n", error.what());
    return 1;
}
