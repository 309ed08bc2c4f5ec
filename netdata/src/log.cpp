// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "log.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace sockledger::netdata {

namespace {

std::string_view name_of(LogLevel level) {
    switch (level) {
    case LogLevel::Error:
        return "error";
    case LogLevel::Warning:
        return "warning";
    case LogLevel::Notice:
        return "notice";
    case LogLevel::Info:
        return "info";
    case LogLevel::Debug:
        return "debug";
    }
    return "info";
}

// Netdata 1.37 knows INFO and ERROR alone.
std::string_view old_name_of(LogLevel level) {
    return level <= LogLevel::Warning ? "ERROR" : "INFO ";
}

std::string formatted(const char* pattern, std::chrono::system_clock::time_point time, bool local) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    if (local)
        localtime_r(&seconds, &parts);
    else
        gmtime_r(&seconds, &parts);
    std::array<char, 64> buffer{};
    return {buffer.data(), std::strftime(buffer.data(), buffer.size(), pattern, &parts)};
}

} // namespace

std::string log_line(bool logfmt, LogLevel level, std::chrono::system_clock::time_point time,
                     std::string_view text) {
    std::string line;
    if (logfmt) {
        line = "time=" + formatted("%Y-%m-%dT%H:%M:%SZ", time, false) +
               " comm=sockledger.plugin source=collector level=";
        line.append(name_of(level)).append(" msg=\"");
    } else {
        line = formatted("%Y-%m-%d %H:%M:%S", time, true) + ": sockledger.plugin ";
        line.append(old_name_of(level)).append(" : MAIN : ");
    }
    for (const char c : text) {
        if (logfmt && (c == '"' || c == '\\'))
            line += '\\';
        line += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? ' ' : c;
    }
    line += logfmt ? "\"\n" : "\n";
    return line;
}

Log::Log(const Environment& environment, Write write)
    : logfmt_(environment.logfmt)
    , level_(environment.log_level)
    , lines_(environment.log_lines)
    , period_(environment.log_period)
    , write_(std::move(write)) {}

void Log::add(LogLevel level, std::string_view text, std::chrono::system_clock::time_point now) {
    if (level > level_)
        return;
    const std::lock_guard lock(mutex_);
    if (now - period_began_ >= period_ || now < period_began_) {
        period_began_ = now;
        written_ = 0;
    }
    // Half of what Netdata allows: it counts what it says about us too.
    const std::size_t allowed = std::max<std::size_t>(lines_ / 2, 1);
    if (written_ >= allowed)
        return;
    ++written_;
    write_(log_line(logfmt_, level, now, text));
    if (written_ == allowed)
        write_(log_line(logfmt_, LogLevel::Warning, now,
                        "too many messages: there are no more until " + std::to_string(period_.count()) +
                            " s after the first"));
}

} // namespace sockledger::netdata
