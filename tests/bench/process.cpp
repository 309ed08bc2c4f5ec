// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/process.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <stdlib.h>
#include <time.h>

namespace sockledger::bench {

double cpu_seconds(pid_t pid) {
    clockid_t clock = 0;
    timespec time{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        throw std::runtime_error("no CPU time of process " + std::to_string(pid));
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double memory_mib(pid_t pid, const std::string& name) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name + ":"))
            return std::stod(line.substr(name.size() + 1)) / 1024;
    throw std::runtime_error("no " + name + " of process " + std::to_string(pid));
}

Directory::Directory() {
    if (!mkdtemp(path.data()))
        throw std::runtime_error("no temporary directory");
}

Directory::~Directory() {
    std::filesystem::remove_all(path);
}

} // namespace sockledger::bench
