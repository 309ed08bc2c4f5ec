// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>
#include <sockledger/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// Points in time as people write and read them. Seconds of CLOCK_REALTIME; local time is that of TZ.
namespace sockledger::cli {

/// "now", "today", "yesterday", "-3h", "14:30", "2026-11-21", "2026-11-21 14:30[:05]", also with "T" between
/// and with "Z" or "+01:00" behind, "@1763734800". A day is its beginning. Of a local time that comes twice
/// the first one is meant; one that is left out when the clocks go forward is an Error.
Result<std::chrono::seconds> parse_time(std::string_view text, std::chrono::seconds now);

/// "2026-11-21 14:30", with seconds when there are any.
std::string format_time(std::chrono::seconds time);
/// "2026-11-21T14:30:00+01:00"
std::string format_iso(std::chrono::seconds time);
/// "2026-11-21 14:30 to 2026-11-21 15:00", "2026-11-21 14:30 to now".
std::string format_window(const TimeWindow& window, std::chrono::seconds now);
/// As strftime() has it.
std::string format_local(const char* pattern, std::chrono::seconds time);

} // namespace sockledger::cli
