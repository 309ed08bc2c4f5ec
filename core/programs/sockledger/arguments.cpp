// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "arguments.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <sstream>

namespace sockledger::cli {

namespace po = boost::program_options;

namespace {

po::typed_value<std::string>* value(const char* name) {
    return po::value<std::string>()->value_name(name);
}

po::options_description output_options() {
    po::options_description group("Output");
    auto add = group.add_options();
    add("json", "one JSON object; with --watch one on each line");
    add("csv", "usage, export: comma-separated values");
    add("watch", "again at every interval, until interrupted");
    add("interval", value("S"), "seconds between samples, 1 to 60 (3; 1 if shown once)");
    add("bits", "rates in bit/s");
    add("bytes", "rates in B/s (the default); totals are always in bytes");
    add("si", "1 kB = 1000 B (the default)");
    add("iec", "1 KiB = 1024 B");
    add("resolve", "names of hosts instead of addresses, asked of the name servers");
    add("no-color", "no colour; NO_COLOR in the environment does the same");
    return group;
}

po::options_description filter_options() {
    po::options_description group("Filters");
    auto add = group.add_options();
    add("app", value("TEXT"), "a part of an application's name, or its id");
    add("pid", value("N"), "one process");
    add("port", value("N"), "a local or remote port");
    add("state", value("STATE"), "a socket state: established, listen, time-wait, ...");
    add("scope", value("SCOPE"), "of the remote address: internet, lan, link, loopback, ...");
    add("interface", value("NAME"), "one interface");
    add("top", value("N"), "connections: the busiest N remotes of each application");
    add("all", "loopback too, and rows without traffic or sockets");
    return group;
}

po::options_description source_options() {
    po::options_description group("Sources");
    auto add = group.add_options();
    add("socket", value("PATH"), "the daemon that listens there, and nothing else");
    add("local", "without the daemon, with what this process may see");
    add("no-exact", "the same, without loading BPF programs");
    add("replay", value("FILE"), "read a recording instead of this machine");
    add("duration", value("S"), "record: stop after so many seconds");
    add("help,h", "this text");
    add("version,V", "the version");
    return group;
}

po::options_description history_options() {
    po::options_description group("History (usage, export; --since and --last also alerts)");
    auto add = group.add_options();
    add("since", value("TIME"), "2026-11-21, '2026-11-21 14:30', 14:30, yesterday, -3h");
    add("until", value("TIME"), "the same; up to now without it");
    add("last", value("SPAN"), "30s, 90m, 24h, 7d, 2w");
    add("today", "since midnight (the default of usage)");
    add("this-month", "since the first of this month");
    add("cycle-day", value("N"), "the billing cycle that begins on this day of the month");
    add("by", value("WHAT"), "app, interface, minute, hour, day, month");
    add("limit", value("N"), "so many rows; the others are added up in one");
    return group;
}

po::options_description rule_options() {
    po::options_description group("Rules (rules set)");
    auto add = group.add_options();
    add("total", "about the whole machine; or --app ID, --interface NAME");
    add("each", value("WHAT"), "about each app or each interface by itself");
    add("rate", value("RATE"), "more than 5MB/s, 20Mbit/s, ...");
    add("for", value("S"), "on end, for so many seconds (10)");
    add("amount", value("SIZE"), "more than 5GB, 500MB, 2GiB, ...");
    add("per", value("PERIOD"), "in one hour, day, month, cycle (see --cycle-day)");
    add("rx", "received only");
    add("tx", "sent only");
    add("text", value("TEXT"), "what the alert shall say");
    add("disable", "keep the rule and do not apply it");
    return group;
}

} // namespace

Arguments::Arguments(const std::vector<std::string>& arguments) {
    po::options_description known;
    known.add(output_options()).add(filter_options()).add(source_options());
    known.add(history_options()).add(rule_options());
    known.add_options()("word", po::value<std::vector<std::string>>());
    po::positional_options_description positional;
    positional.add("word", -1);
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(known).positional(positional).style(style).run(),
              given_);
    if (has("word"))
        words_ = given_["word"].as<std::vector<std::string>>();
}

std::vector<std::string> Arguments::given() const {
    std::vector<std::string> names;
    for (const auto& [name, ignored] : given_)
        if (name != "word")
            names.push_back(name);
    return names;
}

std::string Arguments::text(const std::string& name) const {
    if (!has(name))
        return {};
    auto value = given_[name].as<std::string>();
    if (value.empty())
        throw BadArgument{"--" + name + ": needs a value"};
    return value;
}

void Arguments::at_most_one(const std::vector<std::string>& names) const {
    const std::string* first = nullptr;
    for (const std::string& name : names) {
        if (!has(name))
            continue;
        if (first)
            throw BadArgument{"--" + *first + " and --" + name + ": choose one"};
        first = &name;
    }
}

std::string describe_options() {
    std::ostringstream text;
    text << output_options() << "\n"
         << filter_options() << "\n"
         << source_options() << "\n"
         << history_options() << "\n"
         << rule_options();
    return text.str();
}

} // namespace sockledger::cli
