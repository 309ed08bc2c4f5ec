// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include "options.hpp"
#include "process_io.hpp"

#include <sockledger/daemon.hpp>

/// The commands that ask the daemon for more than Snapshots: each returns the exit status, or the Error
/// that ended it.
namespace sockledger::cli {

Result<int> run_usage(const Options& options, const Format& format, DaemonClient& daemon,
                      const Output& output);
/// Writes while it asks, a piece of the window at a time.
Result<int> run_export(const Options& options, DaemonClient& daemon, const Output& output,
                       const Interrupts& interrupts);
/// With Options::watch until interrupted; `messages` gets a line when the daemon goes and when it is back.
Result<int> run_alerts(const Options& options, const Format& format, DaemonClient& daemon,
                       const Output& output, const Output& messages, Interrupts& interrupts);
Result<int> run_rules(const Options& options, const Format& format, DaemonClient& daemon,
                      const Output& output);
Result<int> run_monitor(const Options& options, const Format& format, DaemonClient& daemon,
                        const Output& output);

/// The daemon has gone, and may come back.
bool is_away(const Error& error);

/// The row of the app that `text` names: a whole id, else a whole name, else a part of either, in any case.
/// `by_app` is what history knows of the window, grouped by app.
Result<UsageRow> find_app(const Usage& by_app, const std::string& text);

/// What the options ask of history.
struct UsageQuestion {
    UsageQuery query;
    std::string app_name; ///< of UsageQuery::app, for people
};
/// Asks history itself which app Selection::app names.
Result<UsageQuestion> question_of(const Options& options, const TimeWindow& window, DaemonClient& daemon);

/// A JSON object with "schema" and "version" in front.
std::string json_document(std::string_view schema, std::string_view object);

} // namespace sockledger::cli
