// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace sockledger {

/// What to ask for the name of an address: "1.2.0.192.in-addr.arpa", and 32 digits and "ip6.arpa".
std::string reverse_name(const Endpoint& address);

struct PtrAnswer {
    std::string name; ///< without the dot at its end
    std::chrono::seconds ttl{};
};
/// The first PTR record of a DNS answer (RFC 1035), behind an alias or not (RFC 2317). Nothing when there is
/// none, when its name is none of a host, or when the answer is cut off. Threads: any.
std::optional<PtrAnswer> parse_ptr_answer(std::span<const std::byte> answer);

} // namespace sockledger
