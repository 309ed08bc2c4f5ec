// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

/// The names of containers in the files of their runtimes. What these do not tell, or tell in more
/// than 256 bytes, is empty; names are printable. Threads: any.
namespace sockledger {

/// /var/lib/docker/containers/ID/config.v2.json: "Name" with a slash before it, as moby's
/// daemon/container/container.go writes it. Kubernetes calls its containers
/// "k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT" (cri-dockerd's core/naming.go).
std::string docker_name(std::string_view config);

/// config.json of an OCI bundle: "annotations" (the runtime specification's config.md). containerd
/// has "io.kubernetes.cri.…" (internal/cri/annotations), CRI-O the kubelet's labels
/// "io.kubernetes.…" (internal/factory/container), nerdctl "nerdctl/name" (pkg/labels).
std::string bundle_name(std::string_view config);

/// containers.json of containers/storage, by id: "id" and "names" (its containers.go), of which
/// podman gives one. Empty when it is no such file.
std::unordered_map<std::string, std::string> storage_names(std::string_view containers);

} // namespace sockledger
