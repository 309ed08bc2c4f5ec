// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "soak/memory_limit.hpp"

#include <filesystem>
#include <fstream>

namespace sockledger::test {
namespace {

namespace fs = std::filesystem;

struct Controller {
    fs::path root; ///< where groups are made; empty: there is none
    bool unified = false;
};

Controller controller() {
    std::ifstream file("/sys/fs/cgroup/cgroup.controllers");
    for (std::string name; file >> name;) {
        if (name == "memory")
            return {"/sys/fs/cgroup", true};
    }
    return {fs::exists("/sys/fs/cgroup/memory/memory.limit_in_bytes") ? "/sys/fs/cgroup/memory" : "", false};
}

bool write(const fs::path& file, const std::string& text) {
    std::ofstream out(file);
    out << text << std::flush;
    return out.good();
}

} // namespace

bool MemoryLimit::possible() {
    return !controller().root.empty();
}

MemoryLimit::MemoryLimit(pid_t pid, std::size_t bytes) : pid_(pid) {
    const auto [root, unified] = controller();
    const fs::path group = root / ("sockledger-soak-" + std::to_string(pid));
    std::error_code error;
    if (root.empty() || !fs::create_directory(group, error))
        return;
    group_ = group;
    const std::string most = std::to_string(bytes);
    if (unified) {
        write(root / "cgroup.subtree_control", "+memory");
        write(group / "memory.high", most);
    } else {
        write(group / "memory.oom_control", "1"); // waits where it would be killed
        write(group / "memory.limit_in_bytes", most);
    }
    write(group / "cgroup.procs", std::to_string(pid));
}

MemoryLimit::~MemoryLimit() {
    if (group_.empty())
        return;
    const fs::path group = group_;
    write(group / "memory.high", "max");
    write(group / "memory.limit_in_bytes", "-1");
    write(group.parent_path() / "cgroup.procs", std::to_string(pid_));
    std::error_code error;
    fs::remove(group, error);
}

} // namespace sockledger::test
