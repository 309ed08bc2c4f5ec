// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

/// Amounts as people write them, the same on the command line and in the configuration file. The
/// Error says what was written and what is understood. Threads: any.
namespace sockledger {

/// Bytes: "500", "10kB", "1.5 GB", "2GiB"; the B may be left out. At most 2^63 - 1.
Result<std::uint64_t> parse_size(std::string_view text);

/// Bytes per second: a size, with or without "/s", or bits: "10Mbit/s".
Result<std::uint64_t> parse_rate(std::string_view text);

/// A whole number of "s", "m" (or "min"), "h", "d", "w" or "y" (of 365 days): "90m", "36h", "2w".
/// At most 1000 years.
Result<std::chrono::seconds> parse_duration(std::string_view text);

} // namespace sockledger
