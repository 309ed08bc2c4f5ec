// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "commands.hpp"
#include "daemon_commands.hpp"
#include "history_feed.hpp"

#include <cerrno>
#include <chrono>
#include <clocale>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

int complain(const std::string& message, int status) {
    (void)Output(STDERR_FILENO).write("sockledger: " + displayable(message) + "\n");
    return status;
}

int print(const std::string& text) {
    const auto written = Output(STDOUT_FILENO).write(text);
    if (!written && written.error().code != EPIPE)
        return complain(written.error().message, exit_failure);
    return 0;
}

// A standard descriptor that is closed would be given to the next file opened, and get our text.
void fill_standard_descriptors() {
    for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = open("/dev/null", O_RDWR))
        if (fd > STDERR_FILENO) {
            close(fd);
            return;
        }
}

std::chrono::seconds now() {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::floor<std::chrono::seconds>(time);
}

bool wants_color(const Options& options) {
    const char* refused = std::getenv("NO_COLOR");
    return options.color && (!refused || !*refused);
}

// The live table where there is a terminal to move about on, else reports one after another.
Result<int> run_over(Options options, const Format& format, Feed& feed, Interrupts& interrupts) {
    const Output output(STDOUT_FILENO);
    if (options.command == Command::Live && !options.json && !options.watch && output.is_terminal() &&
        isatty(STDIN_FILENO) == 1)
        if (const auto screen = open_screen(wants_color(options)))
            return run_live(options, format, feed, *screen, STDIN_FILENO, interrupts);
    if (options.command == Command::Live && !options.json)
        options.watch = true;
    return run_report(options, format, feed, output, Output(STDERR_FILENO), interrupts);
}

Result<int> run_record(const Options& options, Interrupts& interrupts) {
    const Result<std::unique_ptr<Engine>> engine = Engine::open({.exact_traffic = options.exact});
    if (!engine)
        return engine.error();
    return cli::run_record(options, **engine, Output(STDERR_FILENO), interrupts);
}

Result<int> ask_daemon(const Options& options, const Format& format, Interrupts& interrupts) {
    const Result<std::unique_ptr<DaemonClient>> daemon = DaemonClient::connect(options.socket);
    if (!daemon)
        return Error{daemon.error().message +
                         " (history, rules and alerts are sockledgerd's: systemctl start sockledgerd, or "
                         "sockledgerd --foreground)",
                     0};
    const Output output(STDOUT_FILENO);
    switch (options.command) {
    case Command::Usage:
        return run_usage(options, format, **daemon, output);
    case Command::Export:
        return run_export(options, **daemon, output, interrupts);
    case Command::Alerts:
        return run_alerts(options, format, **daemon, output, Output(STDERR_FILENO), interrupts);
    case Command::Monitor:
        return run_monitor(options, format, **daemon, output);
    default:
        return run_rules(options, format, **daemon, output);
    }
}

Result<int> watch_machine(const Options& options, const Format& format, Interrupts& interrupts) {
    FeedOptions from;
    from.source = options.source;
    from.socket = options.socket;
    from.sections = sections_of(options);
    from.engine.exact_traffic = options.exact;
    const Result<std::unique_ptr<Feed>> feed = open_feed(from);
    if (!feed)
        return feed.error();
    if (options.command == Command::Doctor && options.source != FeedOptions::Source::Local)
        if (const auto daemon = DaemonClient::connect(options.socket)) {
            HistoryFeed with_history(**feed, **daemon, options.units);
            return run_over(options, format, with_history, interrupts);
        }
    return run_over(options, format, **feed, interrupts);
}

Result<int> run(const Options& options, Interrupts& interrupts) {
    Format format{options.units, &glyphs(locale_is_utf8())};
    std::unique_ptr<HostNames> names;
    if (options.resolve) {
        Result<std::unique_ptr<HostNames>> opened = HostNames::open();
        if (!opened)
            return opened.error();
        names = std::move(*opened);
        format.names = names.get();
    }
    if (!options.replay.empty()) {
        const Result<std::unique_ptr<Feed>> replay = open_replay(options.replay);
        if (!replay)
            return replay.error();
        return run_over(options, format, **replay, interrupts);
    }
    if (options.command == Command::Record)
        return run_record(options, interrupts);
    return needs_daemon(options.command) ? ask_daemon(options, format, interrupts)
                                         : watch_machine(options, format, interrupts);
}

} // namespace

int main(int argc, char** argv) {
    fill_standard_descriptors();
    // Not LC_NUMERIC: numbers look the same everywhere, and JSON must.
    std::setlocale(LC_CTYPE, "");
    try {
        const auto options = parse_options({argv + 1, argv + argc}, now());
        if (!options)
            return complain(options.error().message, exit_usage);
        if (options->help)
            return print(help_text());
        if (options->version)
            return print("sockledger " SOCKLEDGER_VERSION "\n");
        Interrupts interrupts;
        const auto status = run(*options, interrupts);
        if (status)
            return *status;
        if (status.error().code == EPIPE)
            return 0;
        return complain(status.error().message, exit_failure);
    } catch (const std::exception& error) {
        return complain(error.what(), exit_failure);
    }
}
