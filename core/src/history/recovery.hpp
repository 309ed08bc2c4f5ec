// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/increment.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace sockledger {

/// What `interface` moved since the last checkpoint of an earlier run, by the counters of its device;
/// absent when it moved nothing, and when there is no way to know:
/// - The same device in the same boot: the difference. A device that counts less than it did began anew,
///   and has moved at least what it counts now.
/// - In another boot, or made since the checkpoint: all that it has counted. Hardware that was not there
///   before in this boot may come from another namespace with a past, so it counts from now on.
/// - Checkpoints of another network namespace say nothing about this one.
/// Threads: any.
std::optional<UsageGap> recover_gap(std::span<const Checkpoint> checkpoints, const Interface& interface,
                                    const std::string& boot_id, std::chrono::seconds now);

} // namespace sockledger
