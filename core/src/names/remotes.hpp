// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/listeners.hpp>

#include <sockledger/names.hpp>

#include <span>

namespace sockledger {

/// As top_remotes(), of these connections. Threads: any.
std::vector<Remote> group_remotes(std::span<const Connection* const> connections, const Listeners& listeners,
                                  std::size_t most_of_an_app);

} // namespace sockledger
