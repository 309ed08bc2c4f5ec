// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "options.hpp"

#include "arguments.hpp"
#include "command_options.hpp"
#include "engine/enum_names.hpp"

#include <boost/program_options/errors.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace sockledger::cli {

namespace {

void take_output(const Arguments& given, Options& options) {
    for (const auto& [one, other] :
         {std::pair("bits", "bytes"), std::pair("si", "iec"), std::pair("json", "csv"),
          std::pair("socket", "local"), std::pair("socket", "no-exact")})
        given.at_most_one({one, other});
    options.json = given.has("json");
    options.watch = given.has("watch");
    options.color = !given.has("no-color");
    options.exact = !given.has("no-exact");
    options.resolve = given.has("resolve");
    options.top = given.number<std::size_t>("top", 1, 1'000'000, "a number of rows above 0");
    options.units = {given.has("bits"), given.has("iec")};
    options.interval_s = given.number("interval", 1, 60, "a number of seconds from 1 to 60");
    options.duration_s =
        given.number("duration", 1, std::numeric_limits<int>::max(), "a number of seconds above 0");
    if (given.has("replay"))
        options.replay = given.text("replay");
    if (given.has("socket")) {
        options.socket = given.text("socket");
        options.source = FeedOptions::Source::Daemon;
    }
    // The daemon's programs are loaded already.
    if (given.has("local") || given.has("no-exact"))
        options.source = FeedOptions::Source::Local;
}

void take_selection(const Arguments& given, Selection& selection) {
    selection.app = given.text("app");
    selection.pid =
        given.number("pid", 1u, std::uint32_t{std::numeric_limits<std::int32_t>::max()}, "a process id");
    selection.port = given.number<std::uint16_t>("port", 1, 65535, "a port from 1 to 65535");
    selection.interface = given.text("interface");
    selection.all = given.has("all");
    if (given.has("scope")) {
        selection.scope = parse_name<Scope>(given.text("scope"));
        if (!selection.scope)
            throw BadArgument{"--scope " + given.text("scope") +
                              ": not one of internet, lan, link, loopback, multicast, unspecified"};
    }
    if (given.has("state")) {
        selection.state = parse_state(given.text("state"));
        if (!selection.state)
            throw BadArgument{"--state " + given.text("state") +
                              ": not a socket state (established, listen, time-wait, close-wait, ...)"};
    }
}

void refuse(const Arguments& given, std::string_view why, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (given.has(name))
            throw BadArgument{std::string("--") + name + ": " + std::string(why)};
}

// An option that would do nothing is a misunderstanding, and better said than swallowed.
void check(const Arguments& given, const Options& options) {
    const CommandWord& command = command_word(options.command);
    for (const std::string& name : given.given())
        if (!applies(command, name))
            throw BadArgument{"--" + name + ": does not apply to " +
                              (command.words.empty() ? std::string("the live table")
                                                     : "'" + std::string(command.words) + "'")};
    if (options.json)
        refuse(given, "does not apply to --json, which has bytes and bytes per second",
               {"bits", "bytes", "si", "iec"});
    if (options.json && !options.top)
        refuse(given, "does not apply to --json, unless it has --top", {"resolve"});
    if (given.has("csv"))
        refuse(given, "does not apply to --csv, which has bytes", {"si", "iec"});
    if (!options.replay.empty())
        refuse(given, "does not apply to a recording", {"interval", "no-exact", "local", "socket"});
}

Options parse(const Arguments& given, std::chrono::seconds now) {
    Options options;
    options.help = given.has("help");
    options.version = given.has("version");
    if (options.help || options.version)
        return options;
    take_command(given, options);
    take_output(given, options);
    take_selection(given, options.selection);
    check(given, options);
    take_history(given, now, options);
    if (options.command == Command::SetRule)
        take_rule(given, options.rule);
    return options;
}

} // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments, std::chrono::seconds now) {
    try {
        return parse(Arguments(arguments), now);
    } catch (const BadArgument& bad) {
        return Error{bad.message, 0};
    } catch (const boost::program_options::error& bad) {
        return Error{bad.what(), 0};
    }
}

View view_of(const Options& options) {
    switch (options.command) {
    case Command::Processes:
        return View::Processes;
    case Command::Connections:
        return options.top ? View::Remotes : View::Connections;
    case Command::Interfaces:
        return View::Interfaces;
    default:
        return View::Apps;
    }
}

bool needs_daemon(Command command) {
    return command >= Command::Usage;
}

std::string help_text() {
    return "sockledger - which application moves which bytes over which interface\n"
           "\n"
           "  sockledger [OPTIONS]                  the live table\n"
           "  sockledger apps                       traffic by application\n"
           "  sockledger processes                  by process\n"
           "  sockledger connections                by socket\n"
           "  sockledger connections --top N        the busiest remotes of each application\n"
           "  sockledger interfaces                 by interface, with its books\n"
           "  sockledger doctor                     what works, how exact, what is missing\n"
           "  sockledger record FILE [--duration S] write what the kernel says to FILE\n"
           "  sockledger replay FILE [COMMAND]      any of the above from a recording\n"
           "\n"
           "Of the daemon, sockledgerd, which keeps the history:\n"
           "  sockledger usage [--by WHAT]          what was used: today, by application\n"
           "  sockledger export [--by day]          the history, to the last byte\n"
           "  sockledger alerts [--watch]           which rules were broken\n"
           "  sockledger rules                      the rules\n"
           "  sockledger rules set ID ...           adds or replaces one\n"
           "  sockledger rules remove ID\n"
           "  sockledger monitor [NAME... | --all]  which interfaces are recorded\n"
           "\n" +
           describe_options() +
           "\n"
           "In the live table '?' lists the keys.\n"
           "Exit status: 0 success, 1 failure, 2 wrong arguments.\n";
}

} // namespace sockledger::cli
