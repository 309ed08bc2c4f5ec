// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include "options.hpp"
#include "process_io.hpp"
#include "screen.hpp"

#include <sockledger/engine.hpp>

/// The commands over a Feed: each returns the exit status, or the Error that ended it.
namespace sockledger::cli {

/// A table, the doctor's report or JSON, once or again and again. While watching, a daemon may go and come
/// back: `messages` gets a line.
Result<int> run_report(const Options& options, const Format& format, Feed& feed, const Output& output,
                       const Output& messages, Interrupts& interrupts);
/// The live table on a screen. Keys are read from descriptor `input`.
Result<int> run_live(const Options& options, const Format& format, Feed& feed, Screen& screen, int input,
                     Interrupts& interrupts);
/// Samples until the duration has passed or a signal comes; `messages` gets one line at the start and the
/// end.
Result<int> run_record(const Options& options, Engine& engine, const Output& messages,
                       Interrupts& interrupts);

/// What a command shows of a daemon's Snapshot.
Sections sections_of(const Options& options);

/// One report as run_report() writes it. `model` remembers the order of the report before.
std::string report_text(const Options& options, const Format& format, SnapshotPtr snapshot, TableModel& model,
                        int width);

/// What is wrong with the interface that was selected; empty when it is there, or none was.
std::string unknown_interface(const Selection& selection, const Snapshot& snapshot);

inline constexpr int default_interval_s = 3;
/// Until the second sample, which is the first that has rates.
inline constexpr int default_first_interval_s = 1;

} // namespace sockledger::cli
