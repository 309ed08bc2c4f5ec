// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/psutil.hpp"

#include <sstream>

namespace sockledger::bench {

namespace {

constexpr std::chrono::minutes longest_run{2};

} // namespace

std::optional<PsutilAnswer> psutil(const test::Namespace& space, const std::string& count) {
    const std::string script = "import time, psutil\n"
                               "wall, cpu = time.perf_counter(), time.process_time()\n"
                               "n = 0\n" +
                               count +
                               "wall, cpu = time.perf_counter() - wall, time.process_time() - cpu\n"
                               "print(n, wall * 1e3, cpu * 1e3)\n";
    Tool tool(space, {find_program("python3"), "-c", script});
    const auto end = tool.wait(longest_run);
    if (!end)
        return std::nullopt;
    PsutilAnswer answer;
    std::istringstream(tool.output()) >> answer.count >> answer.cost.wall_ms >> answer.cost.cpu_ms;
    return answer;
}

bool has_psutil(const test::Namespace& space) {
    const std::string python = find_program("python3");
    const auto end =
        python.empty() ? std::nullopt : Tool(space, {python, "-c", "import psutil"}).wait(longest_run);
    return end && end->status == 0;
}

} // namespace sockledger::bench
