// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alerts.hpp"

#include "text_table.hpp"
#include "times.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>

namespace sockledger::cli {

namespace {

constexpr std::array columns{
    Column{"state", "", Width::Text, 8, 8, 90},
    Column{"raised", "raised", Width::Text, 16, 16, 80},
    Column{"cleared", "cleared", Width::Text, 16, 16, 30},
    Column{"rule", "rule", Width::Text, 8, 20, 50},
    Column{"text", "what", Width::Text, 14, 60, 100},
    Column{"value", "measured", Width::Rate, 0, 0, 40},
};

std::string minute(std::chrono::seconds time) {
    return format_local("%Y-%m-%d %H:%M", time);
}

// Nothing when the rule has gone.
Cell value_of(const Alert& alert, const Measures& measures) {
    const auto measure = measures.find(alert.rule);
    if (measure == measures.end())
        return {};
    if (measure->second == Rule::Measure::Rate)
        return {Rate{static_cast<double>(alert.value)}};
    return {Bytes{alert.value}};
}

std::string state_of(const Alert& alert, const Format& format) {
    return alert.active ? std::string(format.signs->raised) + " active" : "  over";
}

} // namespace

Measures measures_of(const std::vector<Rule>& rules) {
    Measures measures;
    for (const Rule& rule : rules)
        measures[rule.id] = rule.measure;
    return measures;
}

std::vector<Line> alert_lines(std::vector<Alert> alerts, const Measures& measures, int width,
                              const Format& format) {
    std::ranges::sort(alerts, std::ranges::greater{}, [](const Alert& alert) {
        return std::tuple(alert.active, alert.raised, alert.number);
    });
    const auto cell = [&](std::size_t row, const Column& column) -> Cell {
        const Alert& alert = alerts[row];
        if (column.id == "state")
            return {state_of(alert, format)};
        if (column.id == "raised")
            return {minute(alert.raised)};
        if (column.id == "cleared")
            return {alert.cleared ? minute(*alert.cleared) : std::string()};
        if (column.id == "rule")
            return {alert.rule};
        if (column.id == "text")
            return {alert.text};
        return value_of(alert, measures);
    };
    std::vector<Line> lines = whole_table(columns, alerts.size(), cell, width, Order{"", false}, format);
    for (std::size_t i = 0; i < alerts.size(); ++i)
        if (alerts[i].active)
            lines[i + 1].spans.front().style = Style::Warning;
    return lines;
}

std::string alert_line(const Alert& alert, const Measures& measures, const Format& format) {
    const bool cleared = !alert.active && alert.cleared;
    std::string line = format_local("%Y-%m-%d %H:%M:%S", cleared ? *alert.cleared : alert.raised) + " ";
    line.append(cleared ? format.signs->cleared : format.signs->raised);
    line += cleared ? " cleared " : " raised  ";
    line += displayable(alert.rule) + ": " + displayable(alert.text);
    if (const Cell value = value_of(alert, measures);
        !cleared && !std::holds_alternative<std::monostate>(value.value))
        line += " (" + to_text(value, format) + ")";
    return line;
}

std::vector<Alert> AlertNews::take(const Alert& alert) {
    std::vector<Alert> news;
    newest_ = std::max(newest_, alert.raised);
    if (cleared_.contains(alert.number))
        return news;
    if (active_.try_emplace(alert.number, alert.raised).second) {
        news.push_back(alert);
        news.back().active = true;
        news.back().cleared.reset();
    }
    if (!alert.active) {
        active_.erase(alert.number);
        cleared_.insert(alert.number);
        news.push_back(alert);
    }
    return news;
}

std::chrono::seconds AlertNews::since() const {
    std::chrono::seconds since = newest_;
    for (const auto& [number, raised] : active_)
        since = std::min(since, raised);
    return since;
}

} // namespace sockledger::cli
