// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "chart_book.hpp"

#include "protocol.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <sstream>

namespace sockledger::netdata {

namespace {

constexpr std::string_view heading = "sockledger.plugin counters 1";
constexpr std::chrono::hours remembered{24};
constexpr std::chrono::seconds grace{60};
constexpr std::size_t most_entries = 5000;

bool parse(std::string_view text, std::int64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

const Dimension* find(const Chart& chart, std::string_view id) {
    const auto found = std::ranges::find(chart.dimensions, id, &Dimension::id);
    return found == chart.dimensions.end() ? nullptr : &*found;
}

} // namespace

std::int64_t ChartBook::advance(Counter& counter, std::int64_t value) {
    if (!counter.known)
        counter.sent = value;
    else if (counter.running && value > counter.source)
        counter.sent +=
            std::min(value - counter.source, std::numeric_limits<std::int64_t>::max() - counter.sent);
    counter.known = counter.running = true;
    counter.source = value;
    return counter.sent;
}

void ChartBook::declare(std::string& out, Entry& entry, const Chart& chart, std::string declaration) {
    out += declaration;
    if (entry.shown) {
        for (const Dimension& gone : entry.chart.dimensions)
            if (!find(chart, gone.id)) {
                append_dimension_line(out, gone, true);
                if (const auto counter = entry.counters.find(gone.id); counter != entry.counters.end())
                    counter->second.running = false;
            }
    }
    append_labels(out, chart);
    entry.declaration = std::move(declaration);
    entry.chart = chart;
    entry.variables.clear(); // Netdata keeps them, but not when it has forgotten the chart
    entry.shown = true;
}

void ChartBook::append_values(std::string& out, Entry& entry, const Chart& chart) {
    for (const Dimension& dimension : chart.dimensions) {
        if (!dimension.incremental) {
            if (dimension.value)
                append_set(out, dimension.id, *dimension.value);
            continue;
        }
        Counter& counter = entry.counters[dimension.id];
        if (dimension.value)
            append_set(out, dimension.id, advance(counter, *dimension.value));
        else
            counter.running = false;
    }
    for (const auto& [name, value] : chart.variables)
        if (std::ranges::find(entry.variables, std::pair(name, value)) == entry.variables.end())
            append_variable(out, name, value);
    entry.variables = chart.variables;
}

void ChartBook::pause(Entry& entry) {
    entry.paused = true;
    for (auto& [name, counter] : entry.counters)
        counter.running = false;
}

std::string ChartBook::update(const std::vector<Chart>& charts, std::chrono::microseconds elapsed,
                              std::chrono::seconds now) {
    std::string out;
    std::set<std::string_view> wanted;
    for (const Chart& chart : charts) {
        if (chart.dimensions.empty() || !wanted.insert(chart.id).second)
            continue;
        Entry& entry = entries_[chart.id];
        std::string declaration;
        append_chart_line(declaration, chart, update_every_, false);
        for (const Dimension& dimension : chart.dimensions)
            append_dimension_line(declaration, dimension, false);
        const bool changed =
            !entry.shown || declaration != entry.declaration || chart.labels != entry.chart.labels;
        if (changed)
            declare(out, entry, chart, std::move(declaration));
        const bool steady = !changed && !entry.paused;
        append_begin(out, chart.id,
                     steady ? static_cast<std::uint64_t>(std::max<std::int64_t>(elapsed.count(), 0)) : 0);
        append_values(out, entry, chart);
        append_end(out);
        entry.last_sent = now;
        entry.paused = false;
    }
    for (auto& [id, entry] : entries_) {
        if (!entry.shown || wanted.contains(id))
            continue;
        pause(entry);
        if (now - entry.last_sent < grace && now >= entry.last_sent)
            continue;
        append_chart_line(out, entry.chart, update_every_, true);
        entry = {.last_sent = entry.last_sent, .counters = std::move(entry.counters)};
    }
    if (entries_.size() > most_entries)
        forget_old();
    return out;
}

// Half of those that are not shown, the oldest first.
void ChartBook::forget_old() {
    std::vector<std::pair<std::chrono::seconds, std::string>> hidden;
    for (const auto& [id, entry] : entries_)
        if (!entry.shown)
            hidden.emplace_back(entry.last_sent, id);
    std::ranges::sort(hidden);
    for (std::size_t i = 0; i < hidden.size() - hidden.size() / 2; ++i)
        entries_.erase(hidden[i].second);
}

std::string ChartBook::save(std::chrono::seconds now) const {
    std::string text(heading);
    text += '\n';
    for (const auto& [id, entry] : entries_) {
        if (now - entry.last_sent > remembered)
            continue;
        for (const auto& [dimension, counter] : entry.counters)
            if (counter.known)
                text.append(id)
                    .append(" ")
                    .append(dimension)
                    .append(" ")
                    .append(std::to_string(counter.sent))
                    .append(" ")
                    .append(std::to_string(entry.last_sent.count()))
                    .append("\n");
    }
    return text;
}

void ChartBook::load(std::string_view text) {
    std::istringstream lines{std::string(text)};
    std::string line;
    if (!std::getline(lines, line) || line != heading)
        return;
    while (entries_.size() < most_entries && std::getline(lines, line)) {
        std::istringstream words(line);
        std::string id;
        std::string dimension;
        std::string sent;
        std::string time;
        std::string more;
        std::int64_t value = 0;
        std::int64_t seconds = 0;
        words >> id >> dimension >> sent >> time >> more;
        if (!more.empty() || !parse(sent, value) || !parse(time, seconds))
            continue;
        Entry& entry = entries_[id];
        entry.last_sent = std::chrono::seconds(seconds);
        entry.counters[dimension] = {false, 0, value, true};
    }
}

} // namespace sockledger::netdata
