// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/flows.hpp"
#include "bench/pinned.hpp"
#include "bench/process.hpp"

#include <stdexcept>

namespace sockledger::bench {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class IperfFlow : public Flow {
public:
    IperfFlow(const std::string& program, const test::VethPair& link)
        : program_(program), link_(link), server_(*link.right().space, {program, "-s"}) {}

    void begin() override {
        for (int attempt = 0; attempt < 50; ++attempt) {
            const double before = arrived();
            client_ = std::make_unique<Tool>(*link_.left().space, command());
            // It ends when the server is not listening yet, or has not noticed yet that the last one is gone.
            for (int i = 0; i < 200 && !client_->wait(milliseconds(100)); ++i) {
                if (arrived() - before < 1e6)
                    continue;
                begin_ = Clock::now();
                units_ = arrived();
                return;
            }
        }
        throw std::runtime_error("iperf3 does not connect");
    }

    Counts counts() const override {
        const std::chrono::duration<double> seconds = Clock::now() - begin_;
        return {arrived() - units_, seconds.count(),
                1e9 * (cpu_seconds(client_->pid()) + cpu_seconds(server_.pid()))};
    }

    void end() override {
        client_->interrupt();
        (void)client_->wait(milliseconds(5000));
    }

private:
    double arrived() const { return static_cast<double>(link_.right().counters().rx_bytes); }
    std::vector<std::string> command() const {
        const auto [left, right] = two_cpus();
        return {program_, "-c", link_.right().ipv4,
                "-t",     "0",  "-A",
                std::to_string(left) + "," + std::to_string(right)};
    }

    std::string program_;
    const test::VethPair& link_;
    Tool server_;
    std::unique_ptr<Tool> client_;
    Clock::time_point begin_{};
    double units_ = 0;
};

} // namespace

std::unique_ptr<Flow> make_iperf_flow(const test::VethPair& link) {
    const std::string program = find_program("iperf3");
    return program.empty() ? nullptr : std::make_unique<IperfFlow>(program, link);
}

} // namespace sockledger::bench
