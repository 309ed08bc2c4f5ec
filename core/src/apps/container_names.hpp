// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/users.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sockledger {

/// Names of containers, from the files that their runtimes keep. Threads: one at a time.
class ContainerNames {
public:
    using HomeOf = std::function<std::string(std::uint32_t uid)>;

    /// Of the tree below `root`: a test's, or "" for the machine's.
    explicit ContainerNames(std::string root = {}, HomeOf home = home_of);

    /// The name of the container with the full id `id`: "web", "namespace/pod/container" in a
    /// Kubernetes pod, "namespace/pod" for the pod's own; empty when its files do not tell or may not
    /// be read. `runtime` is the word in its cgroup: "docker", "libpod", "crio", "cri-containerd";
    /// with any other, every runtime is asked. `uid` is the user whose service manager runs it
    /// (user@UID.service in the cgroup path), 0 for the system's. An answer stays the same, even
    /// when the container is renamed; no answer stays until refresh().
    std::string name(std::string_view runtime, std::string_view id, std::uint32_t uid = 0);

    /// Asks again for the containers that had no name.
    void refresh();

private:
    struct Storage {
        std::optional<std::filesystem::file_time_type> modified;
        std::unordered_map<std::string, std::string> names;
    };

    std::string find(std::string_view runtime, const std::string& id, std::uint32_t uid);
    std::string of_docker(const std::string& id, const std::string& home) const;
    std::string of_containerd(const std::string& id) const;
    std::string of_crio(const std::string& id) const;
    std::string of_podman(const std::string& id, const std::string& home, std::uint32_t uid);
    std::string of_storage(const std::string& id, const std::string& file);

    std::string root_;
    HomeOf home_;
    std::unordered_map<std::string, std::string> names_; // by id
    std::unordered_map<std::string, Storage> storages_;  // by file
};

} // namespace sockledger
