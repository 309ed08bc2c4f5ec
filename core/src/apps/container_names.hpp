// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sockledger {

/// Names of containers, from the files that their runtimes keep. Threads: one at a time.
class ContainerNames {
public:
    /// Of the tree below `root`: a test's, or "" for the machine's.
    explicit ContainerNames(std::string root = {});

    /// The name of the container with the full id `id`: "web", "namespace/pod/container" in a
    /// Kubernetes pod, "namespace/pod" for the pod's own; empty when its files do not tell or may not
    /// be read. `runtime` is the word in its cgroup: "docker", "libpod", "crio", "cri-containerd";
    /// with any other, every runtime is asked. `uid` is the user whose service manager runs it
    /// (user@UID.service in the cgroup path), 0 for the system's.
    std::string name(std::string_view runtime, std::string_view id, std::uint32_t uid = 0);
};

} // namespace sockledger
