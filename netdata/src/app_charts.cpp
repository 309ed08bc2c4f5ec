// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "app_charts.hpp"

#include "identifier.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace sockledger::netdata {

namespace {

constexpr int overview_priority = 7010;
constexpr int priority = 7300;

std::int64_t count(const ConnectionCounts& counts, std::initializer_list<SocketState> states) {
    std::int64_t sum = 0;
    for (const SocketState state : states)
        sum += counts.tcp_states[static_cast<std::size_t>(state)];
    return sum;
}

// By name if the pattern says anything of it, else by id.
bool is_wanted(const SimplePattern& wanted, const App& app) {
    const int verdict = wanted.verdict(app.name);
    return verdict != 0 ? verdict > 0 : wanted.matches(app.id);
}

ShownApps::Options options(const Settings& settings, std::size_t most) {
    return {most, settings.forget_after,
            [&settings](const App& app) { return is_wanted(settings.applications, app); }};
}

/// Netdata 1.37 has one sign for every byte beyond ASCII.
std::string as_shown(std::string name) {
    std::ranges::replace_if(
        name, [](unsigned char c) { return c > 0x7f; }, '_');
    return name;
}

} // namespace

AppCharts::AppCharts(const Settings& settings)
    : settings_(settings)
    , charted_(options(settings, settings.application_charts))
    , stacked_(options(settings, settings.overview_applications)) {}

void AppCharts::add_overview(std::vector<Chart>& charts) const {
    if (stacked_.accuracy() == Accuracy::Unavailable)
        return;
    std::set<std::string> names{"other"};
    Chart received;
    received.id = received.context = "apps_received";
    received.title = "Received by application";
    received.units = "kilobits/s";
    received.family = "overview";
    received.type = "stacked";
    received.priority = overview_priority;
    received.labels = {{"accuracy", std::string(to_string(stacked_.accuracy()))}};
    Chart sent = received;
    sent.id = sent.context = "apps_sent";
    sent.title = "Sent by application";
    ++sent.priority;
    for (const ShownApp& app : stacked_.apps()) {
        const std::string id = app_identifier(app.id);
        const std::string text = label_text(app.name, 60);
        const std::string name = names.insert(as_shown(text)).second ? text : id;
        received.dimensions.push_back(bytes(id, app.rx_bytes));
        sent.dimensions.push_back(bytes(id, app.tx_bytes));
        received.dimensions.back().name = sent.dimensions.back().name = name;
        if (app.accuracy == Accuracy::Unavailable)
            received.dimensions.back().value = sent.dimensions.back().value = std::nullopt;
    }
    received.dimensions.push_back(bytes("other", stacked_.other().rx_bytes));
    sent.dimensions.push_back(bytes("other", stacked_.other().tx_bytes));
    charts.push_back(std::move(received));
    charts.push_back(std::move(sent));
}

void AppCharts::add_app(std::vector<Chart>& charts, const ShownApp& app) const {
    const std::string id = "app_" + app_identifier(app.id);
    Chart chart;
    chart.family = "applications";
    chart.labels = {{"app", label_text(app.name)}, {"app_id", label_text(app.id)}};

    Chart connections = chart;
    connections.id = id + "_connections";
    connections.title = "Connections of applications";
    connections.units = "connections";
    connections.context = "app_connections";
    connections.type = "stacked";
    connections.priority = priority + 1;
    connections.dimensions = {gauge("tcp", app.connections.tcp), gauge("udp", app.connections.udp),
                              gauge("other", app.connections.other)};

    using enum SocketState;
    Chart states = connections;
    states.id = id + "_tcp";
    states.title = "TCP connections of applications by state";
    states.context = "app_tcp";
    states.priority = priority + 2;
    states.dimensions = {gauge("established", app.connections.established),
                         gauge("listen", app.connections.listen),
                         gauge("opening", count(app.connections, {SynSent, SynRecv, NewSynRecv})),
                         gauge("close_wait", count(app.connections, {CloseWait})),
                         gauge("closing", count(app.connections, {FinWait1, FinWait2, LastAck, Closing}))};

    if (app.accuracy != Accuracy::Unavailable) {
        chart.id = id + "_traffic";
        chart.title = "Traffic of applications";
        chart.units = "kilobits/s";
        chart.context = "app_traffic";
        chart.type = "area";
        chart.priority = priority;
        chart.labels.emplace_back("accuracy", to_string(app.accuracy));
        const Threshold threshold = settings_.threshold_of(app.id, app.name);
        chart.variables = {{"bandwidth_warn", threshold.warning}, {"bandwidth_crit", threshold.critical}};
        chart.dimensions = {bytes("received", app.rx_bytes), bytes("sent", app.tx_bytes, true)};
        charts.push_back(std::move(chart));
    }
    charts.push_back(std::move(connections));
    charts.push_back(std::move(states));
}

void AppCharts::add(std::vector<Chart>& charts, const Snapshot& snapshot) {
    charted_.update(snapshot);
    stacked_.update(snapshot);
    add_overview(charts);
    for (const ShownApp& app : charted_.apps())
        add_app(charts, app);
}

} // namespace sockledger::netdata
