// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/flows.hpp"
#include "bench/pinned.hpp"

#include <boost/json.hpp>
#include <optional>
#include <stdexcept>

namespace sockledger::bench {

namespace {

class IperfFlow : public Flow {
public:
    IperfFlow(const std::string& program, const test::VethPair& link)
        : program_(program), link_(link), server_(*link.right().space, {program, "-s"}) {}

    FlowResult run() override {
        for (int attempt = 0; attempt < 50; ++attempt) {
            Tool client(*link_.left().space, command());
            const auto end = client.wait(std::chrono::seconds(20));
            if (end && end->status == 0)
                if (const auto result = result_of(client.output()))
                    return *result;
            // The server is not listening yet, or has not noticed yet that the last client is gone.
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        throw std::runtime_error("iperf3 does not connect");
    }

private:
    std::vector<std::string> command() const {
        const auto [left, right] = two_cpus();
        return {program_,
                "-c",
                link_.right().ipv4,
                "-t",
                "1",
                "-J",
                "-A",
                std::to_string(left) + "," + std::to_string(right)};
    }

    static std::optional<FlowResult> result_of(const std::string& output) {
        const boost::json::value json = boost::json::parse(output);
        if (json.as_object().contains("error"))
            return std::nullopt;
        const auto number = [&](const char* path) { return json.at_pointer(path).to_number<double>(); };
        const double seconds = number("/end/sum_received/seconds");
        const double bytes = number("/end/sum_received/bytes");
        const double percent = number("/end/cpu_utilization_percent/host_total") +
                               number("/end/cpu_utilization_percent/remote_total");
        return FlowResult{bytes / seconds, percent / 100 * seconds * 1e9 / bytes};
    }

    std::string program_;
    const test::VethPair& link_;
    Tool server_;
};

} // namespace

std::unique_ptr<Flow> make_iperf_flow(const test::VethPair& link) {
    const std::string program = find_program("iperf3");
    return program.empty() ? nullptr : std::make_unique<IperfFlow>(program, link);
}

} // namespace sockledger::bench
