// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sockledger {

/// The address alone: "192.0.2.1", "2001:db8::1". Threads: any.
std::string address_text(const Endpoint& endpoint);
/// An Endpoint without port; nothing for other text. Threads: any.
std::optional<Endpoint> parse_address(std::string_view text);

} // namespace sockledger
