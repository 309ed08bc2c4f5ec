// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon_commands.hpp"
#include "rules/rule.hpp"
#include "service/service_json.hpp"
#include "text_table.hpp"
#include "times.hpp"

#include <array>

namespace sockledger::cli {

namespace {

constexpr std::array rule_columns{
    Column{"id", "rule", Width::Text, 8, 64, 100},
    Column{"when", "alerts when", Width::Text, 20, 80, 90},
    Column{"state", "state", Width::Text, 13, 13, 80},
    Column{"text", "text", Width::Text, 10, 60, 40},
};

constexpr std::array interface_columns{
    Column{"name", "interface", Width::Text, 8, 20, 100},
    Column{"present", "here", Width::Text, 5, 5, 70},
    Column{"monitored", "recorded", Width::Text, 9, 9, 90},
    Column{"counted", "in total", Width::Text, 9, 9, 80},
    Column{"seen", "last traffic", Width::Text, 16, 16, 60},
};

std::string state_of(const Rule& rule) {
    if (!rule.enabled)
        return "off";
    return rule.from_configuration ? "configuration" : "on";
}

std::vector<Line> rule_lines(const std::vector<Rule>& rules, int width, const Format& format) {
    const auto cell = [&](std::size_t row, const Column& column) -> Cell {
        const Rule& rule = rules[row];
        if (column.id == "id")
            return {rule.id};
        if (column.id == "when")
            return {describe(rule)};
        return {column.id == "state" ? state_of(rule) : rule.text};
    };
    return whole_table(rule_columns, rules.size(), cell, width, Order{"", false}, format);
}

std::vector<Line> interface_lines(const std::vector<KnownInterface>& interfaces, int width,
                                  const Format& format) {
    const auto yes = [](bool is) { return Cell{std::string(is ? "yes" : "no")}; };
    const auto cell = [&](std::size_t row, const Column& column) -> Cell {
        const KnownInterface& interface = interfaces[row];
        if (column.id == "name")
            return {interface.name};
        if (column.id == "present")
            return yes(interface.present);
        if (column.id == "monitored")
            return yes(interface.monitored);
        if (column.id == "counted")
            return yes(interface.counted);
        if (!interface.last_seen)
            return {};
        return {format_local("%Y-%m-%d %H:%M", *interface.last_seen)};
    };
    return whole_table(interface_columns, interfaces.size(), cell, width, Order{"", false}, format);
}

template<typename List>
std::string json_list(std::string_view schema, const List& list) {
    std::string text;
    append_parameters(text, list);
    return json_document(schema, text) + "\n";
}

std::string text_of(const std::vector<Line>& lines) {
    std::string text;
    for (const Line& line : lines)
        text += plain_text(line) + "\n";
    return text;
}

Result<int> written(const Output& output, const std::string& text) {
    if (auto done = output.write(text); !done)
        return done.error();
    return 0;
}

Result<int> done(const Result<void>& change) {
    if (!change)
        return change.error();
    return 0;
}

} // namespace

Result<int> run_rules(const Options& options, const Format& format, DaemonClient& daemon,
                      const Output& output) {
    if (options.command == Command::SetRule)
        return done(daemon.set_rule(options.rule));
    if (options.command == Command::RemoveRule)
        return done(daemon.remove_rule(options.rule.id));
    Result<std::vector<Rule>> rules = daemon.rules();
    if (!rules)
        return rules.error();
    if (options.json)
        return written(output, json_list("rules", RuleList{std::move(*rules)}));
    if (rules->empty())
        return written(output, "There is no rule; 'sockledger rules set ID ...' makes one.\n");
    return written(output, text_of(rule_lines(*rules, output.width(), format)));
}

Result<int> run_monitor(const Options& options, const Format& format, DaemonClient& daemon,
                        const Output& output) {
    if (!options.names.empty() || options.selection.all)
        return done(daemon.set_monitored_interfaces(options.names));
    Result<std::vector<KnownInterface>> interfaces = daemon.interfaces();
    if (!interfaces)
        return interfaces.error();
    if (options.json)
        return written(output, json_list("monitor", InterfaceList{std::move(*interfaces)}));
    return written(output, text_of(interface_lines(*interfaces, output.width(), format)));
}

} // namespace sockledger::cli
