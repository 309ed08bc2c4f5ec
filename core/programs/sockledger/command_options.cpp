// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "command_options.hpp"

#include <algorithm>
#include <array>

namespace sockledger::cli {

namespace {

constexpr std::string_view report =
    " json watch interval bits bytes si iec no-color replay socket local no-exact ";
constexpr std::string_view filters = " app pid port state scope interface all ";
constexpr std::string_view window = " since until last today this-month cycle-day ";
constexpr std::string_view people = " si iec no-color socket ";

constexpr std::array<CommandWord, 14> commands{{
    {"", Command::Live, {report, filters, " resolve "}},
    {"apps", Command::Apps, {report, filters}},
    {"processes", Command::Processes, {report, filters}},
    {"connections", Command::Connections, {report, filters, " resolve top "}},
    {"interfaces", Command::Interfaces, {report, " interface all "}},
    {"doctor", Command::Doctor, {report}},
    {"record", Command::Record, {" interval duration no-exact local no-color "}},
    {"usage", Command::Usage, {window, people, " by app interface limit json csv "}},
    {"export", Command::Export, {window, " by app interface json csv socket "}},
    {"alerts", Command::Alerts, {people, " since last watch json "}},
    {"rules", Command::Rules, {people, " json "}},
    {"rules set",
     Command::SetRule,
     {" app interface total each rate for amount per cycle-day rx tx text disable socket "}},
    {"rules remove", Command::RemoveRule, {" socket "}},
    {"monitor", Command::Monitor, {" all json no-color socket "}},
}};

/// The words of the command line, one after another.
class Words {
public:
    explicit Words(const std::vector<std::string>& words) : words_(words) {}

    bool at_end() const { return next_ == words_.size(); }
    const std::string& take() { return words_[next_++]; }
    /// Throws when there is none.
    std::string take(const char* what) {
        if (at_end() || words_[next_].empty())
            throw BadArgument{words_[next_ - 1] + ": needs " + what};
        return take();
    }
    bool take_if(std::string_view word) {
        const bool here = !at_end() && words_[next_] == word;
        next_ += here ? 1 : 0;
        return here;
    }
    void expect_end() const {
        if (!at_end())
            throw BadArgument{"unexpected argument '" + words_[next_] + "' after '" + words_[next_ - 1] +
                              "'"};
    }

private:
    const std::vector<std::string>& words_;
    std::size_t next_ = 0;
};

Command command_named(const std::string& name) {
    const auto* found = std::ranges::find(commands, std::string_view(name), &CommandWord::words);
    if (!name.empty() && found != commands.end())
        return found->command;
    std::string all;
    for (const CommandWord& command : commands)
        if (!command.words.empty() && command.words.find(' ') == std::string_view::npos)
            all.append(command.words).append(", ");
    throw BadArgument{"unknown command '" + name + "' (" + all + "replay)"};
}

void take_rule_command(Words& words, Options& options) {
    if (words.at_end())
        return;
    if (words.take_if("set"))
        options.command = Command::SetRule;
    else if (words.take_if("remove"))
        options.command = Command::RemoveRule;
    else
        throw BadArgument{"rules " + words.take() + ": not one of set, remove"};
    options.rule.id = words.take("the id of a rule");
}

} // namespace

const CommandWord& command_word(Command command) {
    return *std::ranges::find(commands, command, &CommandWord::command);
}

bool applies(const CommandWord& command, std::string_view option) {
    const std::string word = " " + std::string(option) + " ";
    return std::ranges::any_of(
        command.options, [&](std::string_view group) { return group.find(word) != std::string_view::npos; });
}

void take_command(const Arguments& given, Options& options) {
    Words words(given.words());
    const bool replay = words.take_if("replay");
    if (replay) {
        if (given.has("replay"))
            throw BadArgument{"replay: --replay names a recording already"};
        options.replay = words.take("the file of a recording");
    }
    if (words.at_end())
        return;
    options.command = command_named(words.take());
    if ((replay || given.has("replay")) && options.command >= Command::Record)
        throw BadArgument{std::string(command_word(options.command).words) +
                          ": does not work on a recording"};
    if (options.command == Command::Record)
        options.record = words.take("a file to write");
    else if (options.command == Command::Rules)
        take_rule_command(words, options);
    while (options.command == Command::Monitor && !words.at_end())
        options.names.push_back(words.take("the name of an interface"));
    words.expect_end();
    if (!options.names.empty() && given.has("all"))
        throw BadArgument{"monitor: names and --all: choose one"};
}

} // namespace sockledger::cli
