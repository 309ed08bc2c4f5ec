// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "options.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <sstream>
#include <utility>

namespace sockledger::cli {

namespace po = boost::program_options;

namespace {

constexpr std::array<std::pair<std::string_view, Command>, 6> commands{{
    {"apps", Command::Apps},
    {"processes", Command::Processes},
    {"connections", Command::Connections},
    {"interfaces", Command::Interfaces},
    {"doctor", Command::Doctor},
    {"record", Command::Record},
}};

po::options_description output_options() {
    po::options_description group("Output");
    group.add_options()("json", "one JSON object; with --watch one on each line")(
        "watch", "again at every interval, until interrupted")(
        "interval", po::value<std::string>()->value_name("S"),
        "seconds between samples, 1 to 60 (3; 1 if shown once)")("bits", "rates in bit/s")(
        "bytes", "rates in B/s (the default); totals are always in bytes")("si",
                                                                           "1 kB = 1000 B (the default)")(
        "iec", "1 KiB = 1024 B")("no-color", "no colour; NO_COLOR in the environment does the same");
    return group;
}

po::options_description filter_options() {
    po::options_description group("Filters");
    const auto text = [] { return po::value<std::string>(); };
    group.add_options()("app", text()->value_name("TEXT"), "a part of an application's name, or its id")(
        "pid", text()->value_name("N"), "one process")("port", text()->value_name("N"),
                                                       "a local or remote port")(
        "state", text()->value_name("STATE"), "a socket state: established, listen, time-wait, ...")(
        "interface", text()->value_name("NAME"),
        "one interface")("all", "loopback too, and rows without traffic or sockets");
    return group;
}

po::options_description source_options() {
    po::options_description group("Sources");
    group.add_options()("replay", po::value<std::string>()->value_name("FILE"),
                        "read a recording instead of this machine")(
        "duration", po::value<std::string>()->value_name("S"), "record: stop after so many seconds")(
        "no-exact", "do not load BPF programs")("help,h", "this text")("version,V", "the version");
    return group;
}

struct BadArgument {
    std::string message;
};

class Parser {
public:
    explicit Parser(const std::vector<std::string>& arguments) {
        po::options_description known;
        known.add(output_options()).add(filter_options()).add(source_options());
        known.add_options()("word", po::value<std::vector<std::string>>());
        po::positional_options_description positional;
        positional.add("word", -1);
        const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
        po::store(po::command_line_parser(arguments).options(known).positional(positional).style(style).run(),
                  given_);
        if (given_.contains("word"))
            words_ = given_["word"].as<std::vector<std::string>>();
    }

    Options run() {
        options_.help = has("help");
        options_.version = has("version");
        if (options_.help || options_.version)
            return options_;
        take_command();
        take_values();
        check_command();
        return options_;
    }

private:
    bool has(const std::string& name) const { return given_.contains(name); }

    std::string text(const std::string& name) const {
        if (!has(name))
            return {};
        auto value = given_[name].as<std::string>();
        if (value.empty())
            throw BadArgument{"--" + name + ": needs a value"};
        return value;
    }

    template<typename Number>
    std::optional<Number> number(const std::string& name, Number least, Number most, const char* what) const {
        if (!has(name))
            return std::nullopt;
        const std::string value = text(name);
        Number parsed{};
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (error != std::errc() || end != value.data() + value.size() || parsed < least || parsed > most)
            throw BadArgument{"--" + name + " " + value + ": not " + what};
        return parsed;
    }

    void take_command() {
        std::size_t next = 0;
        const auto word = [&](const char* what) {
            if (next == words_.size() || words_[next].empty())
                throw BadArgument{words_[next - 1] + ": needs " + what};
            return words_[next++];
        };
        if (words_.empty())
            return;
        if (words_[0] == "replay") {
            if (has("replay"))
                throw BadArgument{"replay: --replay names a recording already"};
            next = 1;
            options_.replay = word("the file of a recording");
            if (next == words_.size())
                return;
        }
        const std::string& name = words_[next++];
        const auto* found = std::ranges::find(commands, name, &std::pair<std::string_view, Command>::first);
        if (found == commands.end())
            throw BadArgument{"unknown command '" + name +
                              "' (apps, processes, connections, interfaces, doctor, record, replay)"};
        options_.command = found->second;
        if (options_.command == Command::Record)
            options_.record = word("a file to write");
        if (next != words_.size())
            throw BadArgument{"unexpected argument '" + words_[next] + "' after '" + words_[next - 1] + "'"};
    }

    void take_values() {
        for (const auto& [one, other] : {std::pair("bits", "bytes"), std::pair("si", "iec")})
            if (has(one) && has(other))
                throw BadArgument{std::string("--") + one + " and --" + other + ": choose one"};
        options_.json = has("json");
        options_.watch = has("watch");
        options_.color = !has("no-color");
        options_.exact = !has("no-exact");
        options_.units = {has("bits"), has("iec")};
        options_.interval_s = number("interval", 1, 60, "a number of seconds from 1 to 60");
        options_.duration_s =
            number("duration", 1, std::numeric_limits<int>::max(), "a number of seconds above 0");
        if (has("replay"))
            options_.replay = text("replay");

        Selection& selection = options_.selection;
        selection.app = text("app");
        selection.pid =
            number("pid", 1u, std::uint32_t{std::numeric_limits<std::int32_t>::max()}, "a process id");
        selection.port = number<std::uint16_t>("port", 1, 65535, "a port from 1 to 65535");
        selection.interface = text("interface");
        selection.all = has("all");
        if (has("state")) {
            selection.state = parse_state(text("state"));
            if (!selection.state)
                throw BadArgument{"--state " + text("state") +
                                  ": not a socket state (established, listen, time-wait, close-wait, ...)"};
        }
    }

    // An option that would do nothing is a misunderstanding, and better said than swallowed.
    void refuse(std::string_view why, std::initializer_list<const char*> names) const {
        for (const char* name : names)
            if (has(name))
                throw BadArgument{std::string("--") + name + ": " + std::string(why)};
    }

    void check_command() const {
        if (options_.command == Command::Record) {
            refuse("does not apply to 'record'", {"json", "watch", "bits", "bytes", "si", "iec", "replay",
                                                  "app", "pid", "port", "state", "interface", "all"});
            if (!options_.replay.empty())
                throw BadArgument{"record: a replay cannot be recorded again"};
        } else {
            refuse("applies to 'record' only", {"duration"});
        }
        if (options_.command == Command::Doctor)
            refuse("does not apply to 'doctor'", {"app", "pid", "port", "state", "interface", "all"});
        if (options_.command == Command::Interfaces)
            refuse("does not apply to 'interfaces'", {"app", "pid", "port", "state"});
        if (options_.json)
            refuse("does not apply to --json, which has bytes and bytes per second",
                   {"bits", "bytes", "si", "iec"});
        if (!options_.replay.empty())
            refuse("a recording has its own", {"interval"});
        if (!options_.replay.empty())
            refuse("does not apply to a recording", {"no-exact"});
    }

    po::variables_map given_;
    std::vector<std::string> words_;
    Options options_;
};

} // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
    try {
        return Parser(arguments).run();
    } catch (const BadArgument& bad) {
        return Error{bad.message, 0};
    } catch (const po::error& bad) {
        return Error{bad.what(), 0};
    }
}

View view_of(Command command) {
    switch (command) {
    case Command::Processes:
        return View::Processes;
    case Command::Connections:
        return View::Connections;
    case Command::Interfaces:
        return View::Interfaces;
    default:
        return View::Apps;
    }
}

std::string help_text() {
    std::ostringstream text;
    text << "sockledger - which application moves which bytes over which interface\n"
            "\n"
            "  sockledger [OPTIONS]                  the live table\n"
            "  sockledger apps                       traffic by application\n"
            "  sockledger processes                  by process\n"
            "  sockledger connections                by socket\n"
            "  sockledger interfaces                 by interface, with its books\n"
            "  sockledger doctor                     what works, how exact, what is missing\n"
            "  sockledger record FILE [--duration S] write what the kernel says to FILE\n"
            "  sockledger replay FILE [COMMAND]      any of the above from a recording\n"
            "\n"
         << output_options() << "\n"
         << filter_options() << "\n"
         << source_options()
         << "\n"
            "In the live table '?' lists the keys.\n"
            "Exit status: 0 success, 1 failure, 2 wrong arguments.\n";
    return text.str();
}

} // namespace sockledger::cli
