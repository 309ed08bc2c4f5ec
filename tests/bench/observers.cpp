// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/observers.hpp"

#include "bench/tool.hpp"
#include "kernel/cgroup2_mount.hpp"
#include "kernel/traffic_slots.hpp"
#include "support/checked.hpp"

#include <bpf/bpf.h>
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <stop_token>

namespace sockledger::bench {

using test::checked;

namespace {

constexpr double ethernet_header = 14;

class Sockledger : public Observer {
public:
    explicit Sockledger(const test::VethPair& link)
        : end_{link.right().space->inum(), link.right().ifindex}
        , programs_(opened())
        , slots_(*programs_)
        , ticks_([this](const std::stop_token& stop) { tick(stop); }) {}

    std::optional<double> finish() override {
        ticks_.request_stop();
        ticks_.join();
        TrafficReading reading;
        if (auto done = slots_.read(reading); !done)
            throw std::runtime_error(done.error().message);
        double bytes = 0;
        for (const TrafficRow& row : reading.rows) {
            // A veth counts a segmented buffer as the one packet that it is in there.
            const TrafficCounters& count = row.counters;
            if (row.interface == end_ && !row.copy)
                bytes += static_cast<double>(count.rx_bytes - count.rx_gso_bytes) +
                         ethernet_header * static_cast<double>(count.rx_packets - count.rx_gso_packets);
        }
        return bytes;
    }

private:
    static std::unique_ptr<BpfPrograms> opened() {
        auto programs = BpfPrograms::open();
        if (!programs)
            throw std::runtime_error(programs.error().message);
        return *std::move(programs);
    }

    void tick(const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any time;
        std::unique_lock lock(mutex);
        // The first one half a second later, so that it is in the middle of a run of one second.
        for (auto pause = std::chrono::milliseconds(500);; pause = std::chrono::milliseconds(1000)) {
            time.wait_for(lock, stop, pause, [] { return false; });
            if (stop.stop_requested())
                return;
            TrafficReading reading;
            (void)slots_.read(reading);
        }
    }

    InterfaceId end_;
    std::unique_ptr<BpfPrograms> programs_;
    TrafficSlots slots_;
    std::jthread ticks_; // after what it uses
};

UniqueFd open_cgroup_root() {
    const auto path = cgroup2_mount();
    if (!path)
        throw std::runtime_error(path.error().message);
    return UniqueFd(checked(open(path->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), path->c_str()));
}

class EmptyPrograms : public Observer {
public:
    EmptyPrograms() {
        const UniqueFd cgroup = open_cgroup_root();
        // r0 = 1; exit
        const bpf_insn pass[]{{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
        const UniqueFd program(checked(
            bpf_prog_load(BPF_PROG_TYPE_CGROUP_SKB, "pass", "GPL", pass, 2, nullptr), "bpf_prog_load"));
        egress_ = attach(program.get(), cgroup.get(), BPF_CGROUP_INET_EGRESS);
        ingress_ = attach(program.get(), cgroup.get(), BPF_CGROUP_INET_INGRESS);
    }
    std::optional<double> finish() override { return std::nullopt; }

private:
    static UniqueFd attach(int program, int cgroup, bpf_attach_type type) {
        return UniqueFd(checked(bpf_link_create(program, cgroup, type, nullptr), "bpf_link_create"));
    }

    UniqueFd egress_;
    UniqueFd ingress_;
};

class Nethogs : public Observer {
public:
    Nethogs(const std::string& program, const test::VethPair& link)
        : tool_(*link.left().space, {program, "-t", "-C", "-v", "2", "-d", "1", link.left().device}) {
        wait_for_refreshes(1);
    }

    std::optional<double> finish() override {
        wait_for_refreshes(refreshes() + 2); // one may be under way
        const std::string output = tool_.output();
        tool_.interrupt();
        (void)tool_.wait(std::chrono::seconds(5));
        // program/pid/uid <tab> bytes sent <tab> bytes received; the totals since its start
        std::istringstream lines(output.substr(std::min(output.rfind("Refreshing:"), output.size())));
        double bytes = 0;
        for (std::string line; std::getline(lines, line);) {
            if (const std::size_t tab = line.find('\t'); tab != std::string::npos)
                bytes += std::strtod(line.c_str() + tab + 1, nullptr);
        }
        return bytes;
    }

private:
    std::size_t refreshes() const {
        const std::string output = tool_.output();
        std::size_t count = 0;
        for (std::size_t at = output.find("Refreshing:"); at != std::string::npos;
             at = output.find("Refreshing:", at + 1))
            ++count;
        return count;
    }
    void wait_for_refreshes(std::size_t count) const {
        for (int i = 0; i < 200 && refreshes() < count; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }

    Tool tool_;
};

class Tcpdump : public Observer {
public:
    Tcpdump(const std::string& program, const test::VethPair& link)
        : tool_(*link.left().space,
                {"/bin/sh", "-c",
                 "exec " + program + " -n -s 96 -w /dev/null -Q out -i " + link.left().device + " 2>&1"}) {
        number_before("listening on");
    }

    std::optional<double> finish() override {
        tool_.interrupt();
        return number_before(" packets captured");
    }

private:
    /// The number that ends where `text` begins, as soon as that is written.
    double number_before(const std::string& text) const {
        for (int i = 0; i < 200; ++i) {
            const std::string output = tool_.output();
            if (const std::size_t end = output.find(text); end != std::string::npos) {
                const std::size_t line = output.rfind('\n', end);
                return std::strtod(output.c_str() + (line == std::string::npos ? 0 : line + 1), nullptr);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        throw std::runtime_error("tcpdump says: " + tool_.output());
    }

    Tool tool_;
};

} // namespace

std::unique_ptr<Observer> observe_with_sockledger(const test::VethPair& link) {
    return std::make_unique<Sockledger>(link);
}

std::unique_ptr<Observer> observe_with_empty_programs() {
    return std::make_unique<EmptyPrograms>();
}

std::unique_ptr<Observer> observe_with_nethogs(const test::VethPair& link) {
    const std::string program = find_program("nethogs");
    return program.empty() ? nullptr : std::make_unique<Nethogs>(program, link);
}

std::unique_ptr<Observer> observe_with_tcpdump(const test::VethPair& link) {
    const std::string program = find_program("tcpdump");
    return program.empty() ? nullptr : std::make_unique<Tcpdump>(program, link);
}

bool packets_are_watched() {
    const UniqueFd cgroup = open_cgroup_root();
    std::uint32_t ids[64];
    std::uint32_t count = 64;
    checked(bpf_prog_query(cgroup.get(), BPF_CGROUP_INET_INGRESS, 0, nullptr, ids, &count), "bpf_prog_query");
    return count > 0;
}

} // namespace sockledger::bench
