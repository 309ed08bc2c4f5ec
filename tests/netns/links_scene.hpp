// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <string>
#include <vector>

/// Links of many kinds that depend on each other, made in a namespace and recognised in what a
/// reader says of it: live, recorded, or by way of /proc.
namespace sockledger::test {

/// `ip` commands that make the scene; `elsewhere` is the path of another namespace.
std::vector<std::string> links_scene(const std::string& elsewhere);

/// By which way the links were read: /proc and sysfs tell less.
enum class SceneView { Netlink, Proc };

/// Everything in `links` that is not as in the scene, one line each; empty when all is well.
std::string scene_faults(const std::vector<LinkRecord>& links, SceneView view);

/// The link of a name; one without index when there is none.
LinkRecord link_named(const std::vector<LinkRecord>& links, const std::string& name);

/// Runs `ip` commands, one line each, in the namespace of the calling thread.
void run_ip(const std::vector<std::string>& lines);

} // namespace sockledger::test
