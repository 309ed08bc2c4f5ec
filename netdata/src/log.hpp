// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "environment.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace sockledger::netdata {

/// One line as Netdata's own plugins write it: 1.37 "2026-11-21 19:00:00: sockledger.plugin INFO  : MAIN :
/// text", 2.x logfmt. Control characters of `text` become spaces. Threads: any.
std::string log_line(bool logfmt, LogLevel level, std::chrono::system_clock::time_point time,
                     std::string_view text);

/// Lines on standard error, which Netdata appends to its own log, and no more of them than it puts up with:
/// of a plugin that says too much it hides everything, its own messages about it included.
class Log {
public:
    using Write = std::function<void(std::string_view line)>;

    Log(const Environment& environment, Write write);

    /// Dropped when it is below the level or the period has had its share; the last line of a period says
    /// that others are dropped. Threads: any.
    void add(LogLevel level, std::string_view text, std::chrono::system_clock::time_point now);
    void add(LogLevel level, std::string_view text) { add(level, text, std::chrono::system_clock::now()); }

private:
    const bool logfmt_;
    const LogLevel level_;
    const std::size_t lines_;
    const std::chrono::seconds period_;
    const Write write_;
    std::mutex mutex_;
    std::chrono::system_clock::time_point period_began_{};
    std::size_t written_ = 0;
};

} // namespace sockledger::netdata
