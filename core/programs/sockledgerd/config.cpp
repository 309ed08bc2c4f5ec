// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "config.hpp"

#include "config_section.hpp"

#include "engine/enum_names.hpp"
#include "kernel/files.hpp"
#include "rules/rule.hpp"
#include "service/quantities.hpp"

#include <cerrno>
#include <charconv>
#include <exception>
#include <fcntl.h>

namespace sockledger::daemon {

namespace {

Result<unsigned> parse_mode(std::string_view text) {
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    // Who cannot write to a socket cannot connect to it, so an owner without rw would be no use.
    if (error != std::errc() || end != text.data() + text.size() || (mode & ~0666u) || (mode & 0600) != 0600)
        return Error{"'" + std::string(text) + "' is not an octal mode such as 0666 or 0660", 0};
    return mode;
}

/// One of the words of an enumeration.
template<typename Enum>
auto word_of(const char* words) {
    return [words](std::string_view text) -> Result<Enum> {
        if (const auto value = parse_name<Enum>(text))
            return *value;
        return Error{"'" + std::string(text) + "' is not one of " + words, 0};
    };
}

/// Reads one [section] of the file, if it is there.
template<typename Read>
void read_section(Section& file, std::string_view name, Findings& findings, Read read) {
    const toml::node* const node = file.take(name);
    if (!node)
        return;
    if (!node->is_table())
        return file.error(name, "has to be a section, [" + std::string(name) + "]");
    Section section(*node->as_table(), name, findings);
    read(section);
}

void read_history(Section& section, Config::History& history) {
    const auto into = [](std::chrono::seconds& member) {
        return [&member](std::chrono::seconds value) { member = value; };
    };
    section.take_flag("enabled", history.enabled);
    section.take_parsed("minutes", parse_duration, into(history.keep_minutes));
    section.take_parsed("hours", parse_duration, into(history.keep_hours));
    using Days = std::optional<std::chrono::seconds>;
    const auto parse_days = [](const std::string& text) -> Result<Days> {
        if (text == "forever")
            return Days();
        const auto days = parse_duration(text);
        return days ? Result<Days>(*days) : Error{days.error().message + ", or forever", 0};
    };
    section.take_parsed("days", parse_days, [&](Days value) { history.keep_days = value; });
    section.take_number("flush_seconds", 1, 10,
                        [&](auto value) { history.flush = std::chrono::seconds(value); });

    // Each tier serves windows that the finer one has forgotten.
    if (history.keep_minutes < std::chrono::hours(1))
        section.error("minutes", "has to be at least 1h");
    if (history.keep_hours < history.keep_minutes || history.keep_hours < std::chrono::days(1))
        section.error("hours", "has to be at least 1d, and no shorter than minutes");
    if (history.keep_days &&
        (*history.keep_days < history.keep_hours || *history.keep_days < std::chrono::days(31)))
        section.error("days", "has to be at least 31d, and no shorter than hours");
}

void read_subject(Section& section, Rule& rule) {
    const auto take_target = [&](const char* key, Rule::Subject subject) {
        if (!section.take(key))
            return;
        rule.subject = subject;
        section.take_text(key, rule.target);
        if (rule.target.empty())
            section.error(key, "has to be a name, or \"*\" for each by itself");
        if (rule.target == "*")
            rule.target.clear();
    };
    bool total = false;
    section.take_flag("total", total);
    take_target("app", Rule::Subject::App);
    take_target("interface", Rule::Subject::Interface);
    if (total + section.has("app") + section.has("interface") != 1)
        section.error("needs one of app, interface and total = true");
}

void read_threshold(Section& section, Rule& rule) {
    const auto take_threshold = [&](std::uint64_t value) { rule.threshold = value; };
    section.take_parsed("rate", parse_rate, take_threshold);
    section.take_parsed("amount", parse_size, take_threshold);
    section.take_parsed("per", word_of<Rule::Measure>("hour, day, month, cycle"),
                        [&](Rule::Measure value) { rule.measure = value; });
    section.take_number("for", 1, 3600,
                        [&](auto value) { rule.seconds = static_cast<std::uint32_t>(value); });
    section.take_number("cycle_day", 1, 31,
                        [&](auto value) { rule.cycle_day = static_cast<std::uint32_t>(value); });

    const bool rate = section.has("rate");
    if (rate == section.has("amount"))
        return section.error("needs either rate or amount");
    if (rate == section.has("per") || (section.has("per") && rule.measure == Rule::Measure::Rate))
        section.error("per", "goes with amount, and is one of hour, day, month, cycle");
    if (!rate && section.has("for"))
        section.error("for", "goes with rate");
    if (section.has("cycle_day") && rule.measure != Rule::Measure::Cycle)
        section.error("cycle_day", "goes with per = \"cycle\"");
}

ConfiguredRule read_rule(const toml::table& table, Findings& findings) {
    ConfiguredRule configured;
    Rule& rule = configured.rule;
    rule.from_configuration = true;
    const std::size_t errors_before = findings.errors();
    Section section(table, "rule", findings);
    section.take_text("id", rule.id);
    section.take_text("text", rule.text);
    section.take_flag("enabled", rule.enabled);
    section.take_parsed("direction", word_of<Rule::Direction>("rx, tx, both"),
                        [&](Rule::Direction value) { rule.direction = value; });
    read_subject(section, rule);
    read_threshold(section, rule);

    HookCommand& command = configured.command;
    section.take_texts("command", command.argv);
    section.take_text("user", command.user);
    if (section.has("command") && (command.argv.empty() || !command.argv.front().starts_with('/')))
        section.error("command", "has to begin with the whole path of a program");
    if (section.has("user") && (!section.has("command") || command.user.empty()))
        section.error("user", "goes with command, and names who runs it");
    if (!section.has("id"))
        section.error("id", "is missing");
    if (findings.errors() == errors_before)
        if (const auto valid = validate(rule); !valid)
            section.error(valid.error().message);
    return configured;
}

void read_rules(Section& file, std::vector<ConfiguredRule>& rules, Findings& findings) {
    const toml::node* const node = file.take("rule");
    if (!node)
        return;
    if (!node->is_array_of_tables())
        return file.error("rule", "has to be written as [[rule]], once for each");
    std::set<std::string> ids;
    for (const toml::node& element : *node->as_array()) {
        rules.push_back(read_rule(*element.as_table(), findings));
        const std::string& id = rules.back().rule.id;
        if (!id.empty() && !ids.insert(id).second)
            findings.error(element.source(), "rule.id: '" + id + "' is the id of another rule");
    }
}

Config read_config(const toml::table& table, Findings& findings) {
    Config config;
    Section file(table, "", findings);
    read_section(file, "interfaces", findings,
                 [&](Section& section) { section.take_texts("monitor", config.monitored); });
    read_section(file, "history", findings, [&](Section& section) { read_history(section, config.history); });
    read_section(file, "access", findings, [&](Section& section) {
        section.take_text("group", config.group);
        section.take_parsed("socket_mode", parse_mode, [&](unsigned mode) { config.socket_mode = mode; });
    });
    read_section(file, "sampling", findings, [&](Section& section) {
        section.take_number("interval", 1, 10,
                            [&](auto value) { config.interval = std::chrono::seconds(value); });
    });
    read_rules(file, config.rules, findings);
    return config;
}

Error all_of(const std::vector<std::string>& lines) {
    Error error;
    for (const std::string& line : lines)
        error.message.append(error.message.empty() ? "" : "\n").append(line);
    return error;
}

} // namespace

Result<LoadedConfig> parse_config(std::string_view text, const std::string& file_name) {
    try {
        Findings findings(file_name);
        const toml::parse_result parsed = toml::parse(text);
        if (!parsed) {
            findings.error(parsed.error().source(), parsed.error().description());
            return all_of(findings.lines());
        }
        Config config = read_config(parsed.table(), findings);
        if (findings.errors() > 0)
            return all_of(findings.lines());
        return LoadedConfig{std::move(config), findings.lines(), true};
    } catch (const std::exception& error) {
        return Error{file_name + ": " + error.what(), 0};
    }
}

Result<LoadedConfig> load_config(const std::string& path, bool required) {
    constexpr std::size_t limit = 1 << 20;
    const auto text = read_file(AT_FDCWD, path.c_str(), limit + 1);
    if (!text && text.error().code == ENOENT && !required)
        return LoadedConfig{};
    if (!text)
        return text.error();
    if (text->size() > limit)
        return Error{path + ": longer than 1 MiB, that is no configuration", 0};
    return parse_config(*text, path);
}

Checked check_config(const std::string& path, bool required) {
    const auto loaded = load_config(path, required);
    if (!loaded)
        return {loaded.error().message + "\n", false};
    Checked checked;
    for (const std::string& warning : loaded->warnings)
        checked.text += warning + "\n";
    checked.text += path + (loaded->found ? ": good\n" : ": not there, so the defaults hold\n");
    return checked;
}

} // namespace sockledger::daemon
