// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/flows.hpp"
#include "bench/measure.hpp"
#include "bench/observers.hpp"
#include "kernel/unique_fd.hpp"
#include "support/checked.hpp"

#include <algorithm>
#include <bpf/bpf.h>
#include <cstdio>
#include <map>
#include <set>
#include <stdexcept>

/// What each program takes for one packet or call, by the kernel's own clock (BPF_ENABLE_STATS). That
/// clock is in each figure: an empty program shows how much of it.
using namespace sockledger;
using namespace sockledger::bench;
using namespace std::chrono_literals;
using test::checked;
using test::Namespace;
using test::Offloads;
using test::VethPair;

namespace {

std::set<std::uint32_t> program_ids() {
    std::set<std::uint32_t> ids;
    for (std::uint32_t id = 0; bpf_prog_get_next_id(id, &id) == 0;)
        ids.insert(id);
    return ids;
}

struct Runs {
    double count = 0;
    double ns = 0;
};

/// The programs that an observer has brought, by name.
class Programs {
public:
    explicit Programs(const std::set<std::uint32_t>& others) {
        for (const std::uint32_t id : program_ids()) {
            if (!others.contains(id))
                programs_.emplace_back(bpf_prog_get_fd_by_id(id));
        }
    }

    std::map<std::string, Runs> runs() const {
        std::map<std::string, Runs> runs;
        for (const UniqueFd& program : programs_) {
            bpf_prog_info info{};
            std::uint32_t size = sizeof info;
            checked(bpf_obj_get_info_by_fd(program.get(), &info, &size), "bpf_obj_get_info_by_fd");
            Runs& sum = runs[info.name];
            sum.count += static_cast<double>(info.run_cnt);
            sum.ns += static_cast<double>(info.run_time_ns);
        }
        return runs;
    }

private:
    std::vector<UniqueFd> programs_;
};

using Figures = std::map<std::string, std::pair<std::vector<double>, std::vector<double>>>;

void measure(Figures& figures, Flow& flow, std::unique_ptr<Observer> (*watch)(const VethPair&),
             const VethPair& link) {
    const auto others = program_ids();
    const auto observer = watch(link);
    const Programs programs(others);
    flow.begin();
    const auto before = programs.runs();
    const FlowResult result = measure(flow, 1s);
    const auto runs = programs.runs();
    flow.end();
    for (const auto& [name, after] : runs) {
        const Runs& then = before.at(name);
        if (after.count - then.count < 1000)
            continue;
        auto& [ns, calls] = figures[name];
        ns.push_back((after.ns - then.ns) / (after.count - then.count));
        calls.push_back((after.count - then.count) / result.units);
    }
}

void measure(const char* name, const char* unit, double units, Flow& flow, const VethPair& link) {
    Figures figures;
    for (std::size_t round = 0; round < rounds(9); ++round) {
        measure(figures, flow, observe_with_sockledger, link);
        measure(
            figures, flow, [](const VethPair&) { return observe_with_empty_programs(); }, link);
    }
    std::printf("%s\n", name);
    for (const auto& [program, figure] : figures)
        std::printf("    %-16s %20s ns a run, %.2f runs for each %s\n", program.c_str(),
                    to_string(spread_of(figure.first), 0).c_str(), units * spread_of(figure.second).median,
                    unit);
    std::fflush(stdout);
}

} // namespace

int main() try {
    const UniqueFd clock(checked(bpf_enable_stats(BPF_STATS_RUN_TIME), "BPF_ENABLE_STATS"));
    const Namespace left;
    const Namespace right;
    const VethPair link(left, right);
    for (const auto& [name, offloads] :
         {std::pair("TCP, offloads on", Offloads::On), std::pair("TCP, offloads off", Offloads::Off)}) {
        link.set_offloads(offloads);
        if (const auto flow = make_iperf_flow(link))
            measure(name, "64 KiB", 65536, *flow, link);
        else
            std::printf("%s: left out, iperf3 is not installed\n", name);
    }
    measure("UDP, 64 bytes, full rate", "datagram", 1, *make_udp_flood(link), link);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "packet_bench: %s\n", error.what());
    return 1;
}
