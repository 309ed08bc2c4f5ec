// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "columns.hpp"

#include <sockledger/daemon.hpp>
#include <sockledger/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sockledger::cli {

enum class Command {
    Live,
    Apps,
    Processes,
    Connections,
    Interfaces,
    Doctor,
    Record,
    Usage,
    Export,
    Alerts,
    Rules,
    SetRule,
    RemoveRule,
    Monitor,
};

/// Which part of the past, and how it is cut.
struct HistoryOptions {
    std::chrono::seconds now{};       ///< what the times of the command line are relative to
    std::optional<TimeWindow> window; ///< absent: all that there is
    UsageBucket bucket;
    UsageGroup group = UsageGroup::App;
    bool csv = false;
    std::optional<std::size_t> limit;
};

struct Options {
    Command command = Command::Live;
    bool help = false;
    bool version = false;
    bool json = false;
    bool watch = false;
    bool color = true;
    bool exact = true;
    bool resolve = false;           ///< addresses by name
    std::optional<std::size_t> top; ///< Connections: so many remotes of each application instead of sockets
    Units units;
    Selection selection;
    std::optional<int> interval_s;
    std::optional<int> duration_s;
    std::string replay; ///< the recording to read instead of this machine
    std::string record; ///< the recording to write
    FeedOptions::Source source = FeedOptions::Source::Automatic;
    std::string socket = default_socket;

    HistoryOptions history;         ///< Usage, Export, Alerts
    Rule rule;                      ///< SetRule, RemoveRule (its id)
    std::vector<std::string> names; ///< Monitor: the interfaces; none with selection.all: every one
};

/// `arguments` without the program's name; `now` is CLOCK_REALTIME. The Error is one line: what is wrong
/// and where. Threads: any.
Result<Options> parse_options(const std::vector<std::string>& arguments, std::chrono::seconds now);

/// What --help prints.
std::string help_text();

/// The table that a command shows; Apps for Command::Live.
View view_of(const Options& options);

/// The command asks the daemon for more than Snapshots.
bool needs_daemon(Command command);

} // namespace sockledger::cli
