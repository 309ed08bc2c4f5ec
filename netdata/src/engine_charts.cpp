// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine_charts.hpp"

#include "identifier.hpp"

#include <sockledger/derived.hpp>

#include <chrono>

namespace sockledger::netdata {

namespace {

constexpr int total_priority = 7000;
constexpr int engine_priority = 7500;

/// Higher is better, for charts and alarms.
std::int64_t tier(Accuracy accuracy) {
    return static_cast<std::int64_t>(Accuracy::Unavailable) - static_cast<std::int64_t>(accuracy);
}

Chart chart_of(const char* id, const char* title, const char* units, const char* family, const char* type,
               int priority) {
    Chart chart;
    chart.id = chart.context = id;
    chart.title = title;
    chart.units = units;
    chart.family = family;
    chart.type = type;
    chart.priority = priority;
    return chart;
}

} // namespace

void add_engine_charts(std::vector<Chart>& charts, const Snapshot& snapshot) {
    if (snapshot.total.accuracy != Accuracy::Unavailable) {
        Chart total =
            chart_of("traffic", "Traffic of this machine", "kilobits/s", "overview", "area", total_priority);
        total.dimensions = {bytes("received", snapshot.total.rx_bytes),
                            bytes("sent", snapshot.total.tx_bytes, true)};
        charts.push_back(std::move(total));
    }
    if (const std::string missing = what_is_missing(snapshot); !missing.empty()) {
        const std::string text = label_text(missing);
        Chart chart = chart_of("missing", "", "state", "overview", "line", total_priority + 1);
        chart.title = "Exact traffic of applications is missing: " + text;
        chart.labels = {{"reason", text}};
        chart.dimensions = {gauge("missing", 1)};
        charts.push_back(std::move(chart));
    }

    Chart accuracy = chart_of(
        "accuracy", "How well each source knows: 3 exact, 2 a lower bound, 1 estimated, 0 not at all", "tier",
        "engine", "line", engine_priority);
    Chart took = chart_of("sampling", "Time to read the sources", "milliseconds", "engine", "stacked",
                          engine_priority + 3);
    std::uint64_t lost_bytes = 0;
    std::uint64_t lost_events = 0;
    for (const SourceStatus& source : snapshot.sources) {
        const std::string id = identifier(source.name, '\0');
        accuracy.dimensions.push_back(gauge(id, tier(source.accuracy)));
        const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(source.took);
        took.dimensions.push_back(gauge(id, microseconds.count(), 1000));
        lost_bytes += source.lost_bytes;
        lost_events += source.lost_events;
    }
    Chart lost = chart_of("lost_traffic", "Traffic that was counted for no application: tables were full",
                          "kilobits/s", "engine", "line", engine_priority + 1);
    lost.dimensions = {bytes("lost", lost_bytes)};
    Chart events = chart_of("lost_events", "Records that were dropped or could not be read", "events/s",
                            "engine", "line", engine_priority + 2);
    events.dimensions = {counter("lost", lost_events)};
    for (Chart* const chart : {&accuracy, &lost, &events, &took})
        charts.push_back(std::move(*chart));
}

} // namespace sockledger::netdata
