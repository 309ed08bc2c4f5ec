// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "frame.hpp"

#include <sockledger/history.hpp>

#include <QString>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

/// A made-up past for the tests of the command line: one day in Berlin.
namespace sockledger::past {

inline constexpr std::chrono::seconds now{1'795'271'405}; // 2026-11-21 15:30:05
inline constexpr std::chrono::seconds midnight{1'795'215'600};

inline void live_in(const char* zone) {
    qputenv("TZ", zone); // with its lock: a thread of Qt Test reads the environment meanwhile
    tzset();
}

inline UsageRow row(const char* app, const char* name, std::int64_t rx, std::int64_t tx,
                    Accuracy accuracy = Accuracy::Exact) {
    UsageRow made;
    made.window = {midnight, now};
    made.app = app;
    made.name = name;
    made.rx_bytes = rx;
    made.tx_bytes = tx;
    made.accuracy = accuracy;
    return made;
}

/// Sorted by id, as history answers.
inline Usage by_app() {
    Usage usage;
    usage.window = {midnight, now};
    usage.rows = {row("desktop:org.mozilla.firefox", "Firefox", 4'000'000'000, 100'000'000),
                  row("exe:/usr/bin/curl", "curl", 1'000'000'000, 25'000'000, Accuracy::Partial),
                  row("kernel", "kernel", 64'000, 8'000),
                  row("unattributed", "unattributed", 2'000'000, -12'000),
                  row("unit:sshd.service", "sshd", 1'000'000, 30'000'000)};
    usage.rx_bytes = 5'003'064'000;
    usage.tx_bytes = 154'996'000;
    return usage;
}

/// Some hours, with silence between.
inline Usage by_hour() {
    using std::chrono::hours;
    Usage usage;
    usage.window = {midnight, now};
    for (const int hour : {8, 9, 10, 14}) {
        UsageRow made = row("", "", hour * 100'000'000, 5'000'000);
        made.window = {midnight + hours(hour), midnight + hours(hour + 1)};
        usage.rows.push_back(made);
        usage.rx_bytes += made.rx_bytes;
        usage.tx_bytes += made.tx_bytes;
    }
    return usage;
}

inline QString text(const std::vector<cli::Line>& lines) {
    QString all;
    for (const cli::Line& line : lines)
        all += QString::fromStdString(cli::plain_text(line)) + "\n";
    return all;
}

} // namespace sockledger::past
