// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "commands.hpp"

#include "daemon_commands.hpp"
#include "doctor.hpp"
#include "history_feed.hpp"
#include "names/remotes.hpp"
#include <sockledger/derived.hpp>
#include "service/snapshot_json.hpp"
#include "summary.hpp"
#include "text_table.hpp"

#include <cerrno>
#include <chrono>
#include <poll.h>

namespace sockledger::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_wait_for_names{2};

std::string remotes_json(const Options& options, const Snapshot& snapshot, HostNames* names) {
    const auto selected = select_connections(snapshot, options.selection);
    std::string text;
    append_remotes_json(text, snapshot, group_remotes(selected, Listeners(snapshot), *options.top), names);
    return text;
}

std::string report_json(const Options& options, const Snapshot& snapshot, HostNames* names) {
    std::string_view name = "snapshot";
    Sections sections;
    const auto only = [&](bool Sections::*section) {
        name = view_name(view_of(options));
        sections = no_sections;
        sections.*section = true;
    };
    switch (options.command) {
    case Command::Apps:
        only(&Sections::apps);
        break;
    case Command::Processes:
        only(&Sections::processes);
        break;
    case Command::Connections:
        if (options.top)
            return remotes_json(options, snapshot, names);
        only(&Sections::connections);
        break;
    case Command::Interfaces:
        only(&Sections::interfaces);
        break;
    case Command::Doctor:
        name = "doctor";
        sections = no_sections;
        break;
    default:
        break;
    }
    std::string text;
    append_json(text, snapshot, name, sections, options.selection);
    return text;
}

// Until `until`; false when the program shall end: a signal, or nobody reads the output any more.
bool sleep_until(Clock::time_point until, const Output& output, Interrupts& interrupts) {
    while (interrupts.ended_by() == 0) {
        const auto left = until - Clock::now();
        if (left <= Clock::duration::zero())
            return true;
        pollfd reader{output.fd(), 0, 0};
        interrupts.wait({&reader, 1}, left);
        if (reader.revents & POLLERR)
            return false;
    }
    return false;
}

TableModel model_of(const Options& options) {
    return options.top ? TableModel(view_of(options), *options.top) : TableModel(view_of(options));
}

// What is shown once waits a little for the names of those whom it shows; else the next report has them.
Result<void> write_report(const Options& options, const Format& format, const SnapshotPtr& snapshot,
                          TableModel& model, const Output& output, Interrupts& interrupts) {
    const auto until = Clock::now() + longest_wait_for_names;
    HostNames* const names = format.names;
    if (names)
        names->process();
    std::string text = report_text(options, format, snapshot, model, output.width());
    while (names && !options.watch && names->in_flight() > 0 && interrupts.ended_by() == 0 &&
           Clock::now() < until) {
        pollfd answer{names->wake_fd(), POLLIN, 0};
        interrupts.wait({&answer, 1}, until - Clock::now());
        names->process();
        text = report_text(options, format, snapshot, model, output.width());
    }
    return output.write(text);
}

std::chrono::seconds interval_of(const Options& options, int otherwise) {
    return std::chrono::seconds(options.interval_s.value_or(otherwise));
}

bool has_ended(const Error& error) {
    return error.code == ENODATA;
}

// Every recorded instant; the last one when shown once.
Result<int> report_replay(const Options& options, const Format& format, Feed& feed, const Output& output,
                          Interrupts& interrupts) {
    TableModel model = model_of(options);
    SnapshotPtr last;
    while (interrupts.ended_by() == 0) {
        Result<SnapshotPtr> snapshot = feed.sample();
        if (!snapshot) {
            if (last && !options.watch) {
                if (const std::string unknown = unknown_interface(options.selection, *last); !unknown.empty())
                    return Error{unknown, 0};
                if (auto written = write_report(options, format, last, model, output, interrupts); !written)
                    return written.error();
            }
            if (!has_ended(snapshot.error()) || !last)
                return snapshot.error();
            break;
        }
        last = *snapshot;
        if (options.watch)
            if (auto written = write_report(options, format, last, model, output, interrupts); !written)
                return written.error();
    }
    return options.command == Command::Doctor && last ? doctor_exit_code(*last) : 0;
}

// A daemon comes back after a restart; that of a pipe is the output's, and not to be mistaken for this one.
bool may_come_back(const SnapshotPtr& last, const Error& error) {
    return last && is_from_daemon(*last) && is_away(error);
}

Result<int> report_machine(const Options& options, const Format& format, Feed& feed, const Output& output,
                           const Output& messages, Interrupts& interrupts) {
    TableModel model = model_of(options);
    auto due = Clock::now();
    auto wait = interval_of(options, default_first_interval_s);
    SnapshotPtr last;
    bool away = false;
    for (;;) {
        const Result<SnapshotPtr> snapshot = feed.sample();
        if (!snapshot) {
            if (!options.watch || !may_come_back(last, snapshot.error()))
                return Error{snapshot.error().message, 0};
            if (!std::exchange(away, true))
                (void)messages.write("sockledger: " + displayable(snapshot.error().message) +
                                     "; trying again\n");
        } else {
            away = false;
            // A rate needs two samples, of which the daemon took one; what the doctor says needs one.
            const bool first = !std::exchange(last, *snapshot);
            const bool has_rates = is_from_daemon(*last) && last->interval.count() > 0 && !options.interval_s;
            if (!first || has_rates || options.command == Command::Doctor) {
                const std::string unknown = unknown_interface(options.selection, *last);
                if (!unknown.empty() && !options.watch) // while watching it may still come
                    return Error{unknown, 0};
                if (auto written = write_report(options, format, last, model, output, interrupts); !written)
                    return written.error();
                if (!options.watch)
                    return options.command == Command::Doctor ? doctor_exit_code(*last) : 0;
                wait = interval_of(options, default_interval_s);
            }
        }
        due = std::max(due + wait, Clock::now());
        if (!sleep_until(due, output, interrupts))
            return options.watch || interrupts.ended_by() == 0 ? 0 : 128 + interrupts.ended_by();
    }
}

} // namespace

namespace {

// Which connections an app or a process has decides whether it is shown.
bool asks_connections(const Selection& selection) {
    return selection.port || selection.state || selection.scope || !selection.interface.empty();
}

} // namespace

std::string unknown_interface(const Selection& selection, const Snapshot& snapshot) {
    if (selection.interface.empty() || find_interface(snapshot, selection.interface))
        return {};
    std::string names;
    for (const Interface& interface : snapshot.interfaces)
        names.append(names.empty() ? "" : ", ").append(interface.name);
    return "--interface " + selection.interface + ": there is no such interface (" + names + ")";
}

std::string report_text(const Options& options, const Format& format, SnapshotPtr snapshot, TableModel& model,
                        int width) {
    if (options.json)
        return report_json(options, *snapshot, format.names) + "\n";
    std::vector<Line> lines;
    if (options.command == Command::Doctor) {
        lines = doctor_lines(*snapshot, std::min(width, 100), format);
    } else {
        const Order order;
        const std::string clock = format_clock(snapshot->time.realtime) + "  ";
        model.update(snapshot, options.selection, order);
        lines.push_back(machine_line(*snapshot, format));
        lines.back().spans.insert(lines.back().spans.begin(), {clock, Style::Plain});
        if (options.command == Command::Live) {
            for (Line& line : interface_lines(*snapshot, options.selection, std::min(width, 120), 12, format))
                lines.push_back(std::move(line));
            lines.push_back({});
        }
        for (Line& line : whole_table(model, width, order, format))
            lines.push_back(std::move(line));
        const auto paragraph = [&](const std::string& words) {
            for (const std::string& line : wrapped(words, width))
                lines.push_back({{{line, Style::Dim}}});
        };
        if (model.view() == View::Connections && !model.rows().empty())
            paragraph(counts_words(model));
        paragraph(legend(model, format));
        if (options.command == Command::Live || options.command == Command::Interfaces)
            for (const std::string& cause : cause_words(*snapshot, options.selection))
                paragraph(cause);
        if (const auto note = notice(*snapshot, format))
            lines.push_back({{{*note, Style::Warning}}});
    }
    std::string text;
    for (const Line& line : lines)
        text += plain_text(line) + "\n";
    return options.watch || options.command == Command::Live ? text + "\n" : text;
}

Sections sections_of(const Options& options) {
    const Selection& selection = options.selection;
    Sections sections; // the head of every report is made of interfaces and apps
    switch (options.command) {
    case Command::Apps:
    case Command::Interfaces:
        sections.processes = selection.pid.has_value();
        sections.connections = asks_connections(selection);
        break;
    case Command::Processes:
        sections.connections = asks_connections(selection);
        break;
    case Command::Doctor:
        return no_sections;
    default:
        break;
    }
    return sections;
}

Result<int> run_report(const Options& options, const Format& format, Feed& feed, const Output& output,
                       const Output& messages, Interrupts& interrupts) {
    return options.replay.empty() ? report_machine(options, format, feed, output, messages, interrupts)
                                  : report_replay(options, format, feed, output, interrupts);
}

Result<int> run_record(const Options& options, Engine& engine, const Output& messages,
                       Interrupts& interrupts) {
    if (auto opened = engine.record_to(options.record); !opened)
        return opened.error();
    const auto interval = interval_of(options, default_interval_s);
    const auto begun = Clock::now();
    const auto end =
        options.duration_s ? begun + std::chrono::seconds(*options.duration_s) : Clock::time_point::max();
    if (auto said = messages.write("sockledger: recording to " + displayable(options.record) + " every " +
                                   std::to_string(interval.count()) + " s" +
                                   (options.duration_s ? "\n" : "; Ctrl-C ends\n"));
        !said && said.error().code != EPIPE)
        return said.error();
    std::size_t samples = 0;
    for (auto due = begun;; due = std::max(due + interval, Clock::now())) {
        if (!sleep_until(std::min(due, end), Output(-1), interrupts))
            break;
        if (auto snapshot = engine.sample(); !snapshot)
            return snapshot.error();
        ++samples;
        if (Clock::now() >= end)
            break;
    }
    (void)messages.write("sockledger: " + std::to_string(samples) + " samples in " +
                         displayable(options.record) + "\n");
    return 0;
}

} // namespace sockledger::cli
