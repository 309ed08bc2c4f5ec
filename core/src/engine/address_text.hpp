// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/derived.hpp>

#include <optional>
#include <string_view>

namespace sockledger {

/// An Endpoint without port; nothing for other text. Threads: any.
std::optional<Endpoint> parse_address(std::string_view text);

} // namespace sockledger
