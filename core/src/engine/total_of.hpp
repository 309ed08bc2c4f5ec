// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <vector>

namespace sockledger {

/// The interfaces whose sum is the machine's traffic, each byte once: those with a default route, else
/// all that are up and ride on no other. A tunnel's bytes pass its underlay too, a port's bytes its
/// bridge; only one of the two is taken. `interfaces` sorted by id, and so is the result.
/// Threads: any.
std::vector<InterfaceId> select_total_of(const std::vector<const Interface*>& interfaces);

} // namespace sockledger
