// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon_options.hpp"

#include <boost/program_options.hpp>

#include <sstream>
#include <string_view>

namespace sockledger::daemon {

namespace po = boost::program_options;

namespace {

po::options_description described_options() {
    const auto path = [](const char* name) { return po::value<std::string>()->value_name(name); };
    po::options_description options("Options");
    auto add = options.add_options();
    add("config", path("PATH"), "configuration (/etc/sockledger/sockledgerd.toml)");
    add("check-config", "say what is wrong with the configuration, and end");
    add("socket", path("PATH"), (std::string("where to listen (") + default_socket + ")").c_str());
    add("state", path("DIR"), "where history is kept ($STATE_DIRECTORY or /var/lib/sockledger)");
    add("no-exact", "do not load BPF programs");
    add("foreground", "do not fork; it never does, so this changes nothing");
    add("help,h", "this text");
    add("version,V", "the version");
    return options;
}

/// Takes the path if it was given. False when it is empty.
bool take_path(const po::variables_map& given, const char* name, std::string& into) {
    if (given.contains(name))
        into = given[name].as<std::string>();
    return !into.empty();
}

Result<Options> parse(const std::vector<std::string>& arguments, const char* state_directory) {
    const po::options_description known = described_options();
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    const po::positional_options_description no_words;
    po::variables_map given;
    po::store(po::command_line_parser(arguments).options(known).positional(no_words).style(style).run(),
              given);
    Options options;
    options.help = given.contains("help");
    options.version = given.contains("version");
    options.check_config = given.contains("check-config");
    options.exact = !given.contains("no-exact");
    options.config_required = given.contains("config");
    // One service may have several state directories, with ':' between them.
    if (state_directory && *state_directory)
        options.state =
            std::string_view(state_directory).substr(0, std::string_view(state_directory).find(':'));
    if (!take_path(given, "config", options.config))
        return Error{"--config: needs a value", 0};
    if (!take_path(given, "socket", options.socket))
        return Error{"--socket: needs a value", 0};
    if (!take_path(given, "state", options.state))
        return Error{"--state: needs a value", 0};
    return options;
}

} // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments, const char* state_directory) {
    try {
        return parse(arguments, state_directory);
    } catch (const po::too_many_positional_options_error&) {
        return Error{"only options are understood, see --help", 0};
    } catch (const po::error& bad) {
        return Error{bad.what(), 0};
    }
}

std::string help_text() {
    std::ostringstream text;
    text << "sockledgerd - records which application moves which bytes, and answers who asks\n"
            "\n"
            "  sockledgerd [OPTIONS]\n"
            "\n"
         << described_options()
         << "\n"
            "It stays in the foreground and writes to standard error. SIGHUP reads the configuration again,\n"
            "SIGTERM and SIGINT end it.\n"
            "Exit status: 0 success, 1 failure, 2 wrong arguments.\n";
    return text.str();
}

} // namespace sockledger::daemon
