// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/container_names.hpp"

#include "apps/container_codec.hpp"
#include "kernel/files.hpp"

#include <system_error>
#include <utility>

namespace sockledger {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t name_limit = 4096;
// The configuration of a container with many mounts and health checks takes a megabyte.
constexpr std::size_t file_limit = 4 << 20;

// It becomes a part of a path.
bool is_id(std::string_view text) {
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-";
    return !text.empty() && text.size() <= 128 && !text.starts_with('.') &&
           text.find_first_not_of(letters) == text.npos;
}

} // namespace

ContainerNames::ContainerNames(std::string root, HomeOf home)
    : root_(std::move(root)), home_(std::move(home)) {}

std::string ContainerNames::name(std::string_view runtime, std::string_view id, std::uint32_t uid) {
    if (!is_id(id))
        return {};
    const std::string key(id);
    if (const auto known = names_.find(key); known != names_.end())
        return known->second;
    if (names_.size() >= name_limit)
        names_.clear();
    return names_[key] = find(runtime, key, uid);
}

void ContainerNames::refresh() {
    std::erase_if(names_, [](const auto& known) { return known.second.empty(); });
    storages_.clear();
}

std::string ContainerNames::find(std::string_view runtime, const std::string& id, std::uint32_t uid) {
    const std::string home = uid != 0 ? home_(uid) : std::string();
    if (uid != 0 && !home.starts_with('/'))
        return {};
    if (runtime == "docker")
        return of_docker(id, home);
    if (runtime == "libpod" || runtime == "podman")
        return of_podman(id, home, uid);
    if (runtime == "crio")
        return of_crio(id);
    if (runtime == "cri-containerd" || runtime == "nerdctl")
        return of_containerd(id);
    std::string name = of_containerd(id);
    if (name.empty())
        name = of_crio(id);
    if (name.empty())
        name = of_docker(id, home);
    return name.empty() ? of_podman(id, home, uid) : name;
}

std::string ContainerNames::of_docker(const std::string& id, const std::string& home) const {
    const auto in = [&](const std::string& data) {
        const auto config =
            read_regular_file(root_ + data + "/containers/" + id + "/config.v2.json", file_limit);
        return config ? docker_name(*config) : std::string();
    };
    if (!home.empty())
        return in(home + "/.local/share/docker");
    std::string name = in("/var/lib/docker");
    return name.empty() ? in("/var/snap/docker/common/var-lib-docker") : name;
}

std::string ContainerNames::of_containerd(const std::string& id) const {
    // The last part is containerd's namespace, which is none of the kernel's.
    for (const char* const bundles : {"/run/containerd/io.containerd.runtime.v2.task/k8s.io/",
                                      "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/",
                                      "/run/containerd/io.containerd.runtime.v2.task/default/"}) {
        const auto config = read_regular_file(root_ + bundles + id + "/config.json", file_limit);
        if (config)
            return bundle_name(*config);
    }
    return {};
}

std::string ContainerNames::of_crio(const std::string& id) const {
    const auto config = read_regular_file(
        root_ + "/var/lib/containers/storage/overlay-containers/" + id + "/userdata/config.json", file_limit);
    return config ? bundle_name(*config) : std::string();
}

std::string ContainerNames::of_podman(const std::string& id, const std::string& home, std::uint32_t uid) {
    const std::string kept =
        home.empty() ? "/var/lib/containers/storage" : home + "/.local/share/containers/storage";
    const std::string running =
        home.empty() ? "/run/containers/storage" : "/run/user/" + std::to_string(uid) + "/containers";
    // containers/storage prefixes the directory with its driver; --rm makes a container volatile.
    for (const char* const driver : {"overlay", "vfs", "btrfs"}) {
        const std::string part = std::string("/") + driver + "-containers/";
        for (const std::string& file :
             {kept + part + "containers.json", kept + part + "volatile-containers.json",
              running + part + "volatile-containers.json"}) {
            if (std::string name = of_storage(id, file); !name.empty())
                return name;
        }
    }
    return {};
}

// One file for all containers: read again only when it was written again.
std::string ContainerNames::of_storage(const std::string& id, const std::string& file) {
    std::error_code error;
    const auto modified = fs::last_write_time(root_ + file, error);
    if (error)
        return {};
    Storage& storage = storages_[file];
    auto found = storage.names.find(id);
    if (found == storage.names.end() && storage.modified != modified) {
        const auto text = read_regular_file(root_ + file, file_limit);
        storage = {modified, text ? storage_names(*text) : decltype(storage.names)()};
        found = storage.names.find(id);
    }
    return found == storage.names.end() ? std::string() : found->second;
}

} // namespace sockledger
