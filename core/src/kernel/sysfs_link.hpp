// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/link_reader.hpp"

#include <optional>

namespace sockledger {

/// What /sys/class/net/NAME, below the directory `class_net`, says of a device: all but counters,
/// addresses and routes. Nothing when there is no such device. What sysfs cannot tell apart (veth,
/// macvlan and others that no hardware stands behind) has the kind "virtual". Threads: any.
std::optional<LinkInfo> read_sysfs_link(int class_net, const std::string& name);

} // namespace sockledger
