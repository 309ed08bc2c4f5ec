// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/accounts.hpp"
#include "engine/interface_books.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace sockledger {

/// Divides `total` in proportion to `weights`, whose sum is below 2^32: the shares add up to it, and what
/// does not divide goes to the largest remainders, of equal ones to the first. All zero when there is no
/// weight. Threads: any.
std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const std::uint64_t> weights);

/// How much of its interface's traffic a connection is thought to move: 4 when it is established, 1 when it
/// is opening or closing, 0 when it listens, is not connected or is over, and on loopback. Threads: any.
std::uint64_t weight_of(const Connection& connection);

/// Who moved an interface's bytes, where nobody counts them: every process that has connections there, in
/// proportion to their weight. The weakest tier: a guess that adds up.
class Estimate {
public:
    /// Weighs the connections of a fresh table. One whose interface is not known weighs on those with the
    /// default route, one whose process is not known for the unknown application.
    void weigh(const std::vector<Connection>& connections, const InterfaceBooks& interfaces);

    /// Shares out what each interface has moved in this sample; between its totals and its parts.
    void share(Accounts& accounts, InterfaceBooks& interfaces) const;

private:
    using Weights = std::map<ProcessId, std::uint64_t>;
    std::map<InterfaceId, Weights> weights_;
};

} // namespace sockledger
