// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "app_charts.hpp"

#include "identifier.hpp"

#include <algorithm>

namespace sockledger::netdata {

namespace {

constexpr std::size_t most_known = 20000;
constexpr int overview_priority = 7010;
constexpr int priority = 7300;

std::uint64_t grown(std::uint64_t now, std::uint64_t before) {
    return now > before ? now - before : 0;
}

std::int64_t count(const ConnectionCounts& counts, std::initializer_list<SocketState> states) {
    std::int64_t sum = 0;
    for (const SocketState state : states)
        sum += counts.tcp_states[static_cast<std::size_t>(state)];
    return sum;
}

} // namespace

AppCharts::AppCharts(const Settings& settings)
    : settings_(settings)
    , charted_(settings.application_charts, settings.forget_after)
    , stacked_(settings.overview_applications, settings.forget_after) {}

std::vector<Candidate> AppCharts::take(const Snapshot& snapshot) {
    std::vector<Candidate> candidates;
    const SourceStatus* const traffic = snapshot.source("traffic");
    const bool all_seen = traffic && traffic->accuracy == Accuracy::Exact;
    for (auto& [id, known] : apps_) {
        // Who is not there has moved nothing, unless not everybody is seen
        if (!all_seen)
            known.accuracy = Accuracy::Unavailable;
        known.shown_before = known.shown;
        known.shown = known.now;
        known.connections = {};
    }
    for (const App& app : snapshot.apps) {
        const auto [item, fresh] = apps_.try_emplace(app.id);
        Known& known = item->second;
        if (fresh || known.name.empty()) {
            known.id = app_identifier(app.id);
            known.wanted =
                settings_.applications.verdict(app.name) > 0 ||
                (settings_.applications.verdict(app.name) == 0 && settings_.applications.matches(app.id));
            known.threshold = settings_.threshold_of(app.id, app.name);
        }
        known.name = label_text(app.name.empty() ? app.id : app.name);
        known.accuracy = app.traffic.accuracy;
        known.connections = app.connections;
        known.now = {app.traffic.rx_bytes, app.traffic.tx_bytes};
        if (fresh && samples_ == 0)
            known.shown = known.shown_before = known.now; // who knows when that was
        if (known.wanted)
            candidates.push_back({app.id,
                                  grown(known.now.rx, known.shown.rx) + grown(known.now.tx, known.shown.tx),
                                  app.connections.total > 0});
    }
    return candidates;
}

// The first value of a dimension shows no growth, so what grew before it counts here.
void AppCharts::add_to_others() {
    for (const auto& [id, known] : apps_) {
        if (stacked_.chosen().contains(id) && stacked_before_.contains(id))
            continue;
        others_.rx += grown(known.shown.rx, known.shown_before.rx);
        others_.tx += grown(known.shown.tx, known.shown_before.tx);
    }
    stacked_before_ = stacked_.chosen();
}

void AppCharts::add_overview(std::vector<Chart>& charts) const {
    Accuracy accuracy = Accuracy::Exact;
    bool any = false;
    for (const auto& [id, known] : apps_)
        if (known.accuracy != Accuracy::Unavailable) {
            any = true;
            if (known.now.rx + known.now.tx > 0)
                accuracy = worst(accuracy, known.accuracy);
        }
    if (!any)
        return;
    std::set<std::string> names{"other"};
    Chart received;
    received.id = received.context = "apps_received";
    received.title = "Received by application";
    received.units = "kilobits/s";
    received.family = "overview";
    received.type = "stacked";
    received.priority = overview_priority;
    received.labels = {{"accuracy", std::string(to_string(accuracy))}};
    Chart sent = received;
    sent.id = sent.context = "apps_sent";
    sent.title = "Sent by application";
    ++sent.priority;
    for (const AppId& app : stacked_.chosen()) {
        const Known& known = apps_.at(app);
        const std::string text = label_text(known.name, 60);
        const std::string name = names.insert(text).second ? text : known.id;
        received.dimensions.push_back(bytes(known.id, known.shown.rx));
        sent.dimensions.push_back(bytes(known.id, known.shown.tx));
        received.dimensions.back().name = sent.dimensions.back().name = name;
        if (known.accuracy == Accuracy::Unavailable)
            received.dimensions.back().value = sent.dimensions.back().value = std::nullopt;
    }
    received.dimensions.push_back(bytes("other", others_.rx));
    sent.dimensions.push_back(bytes("other", others_.tx));
    charts.push_back(std::move(received));
    charts.push_back(std::move(sent));
}

void AppCharts::add_app(std::vector<Chart>& charts, const AppId& app, const Known& known) const {
    Chart chart;
    chart.family = "applications";
    chart.labels = {{"app", known.name}, {"app_id", label_text(app)}};

    Chart connections = chart;
    connections.id = "app_" + known.id + "_connections";
    connections.title = "Connections of applications";
    connections.units = "connections";
    connections.context = "app_connections";
    connections.type = "stacked";
    connections.priority = priority + 1;
    connections.dimensions = {gauge("tcp", known.connections.tcp), gauge("udp", known.connections.udp),
                              gauge("other", known.connections.other)};

    using enum SocketState;
    Chart states = connections;
    states.id = "app_" + known.id + "_tcp";
    states.title = "TCP connections of applications by state";
    states.context = "app_tcp";
    states.priority = priority + 2;
    states.dimensions = {gauge("established", known.connections.established),
                         gauge("listen", known.connections.listen),
                         gauge("opening", count(known.connections, {SynSent, SynRecv, NewSynRecv})),
                         gauge("close_wait", count(known.connections, {CloseWait})),
                         gauge("closing", count(known.connections, {FinWait1, FinWait2, LastAck, Closing}))};

    if (known.accuracy != Accuracy::Unavailable) {
        chart.id = "app_" + known.id + "_traffic";
        chart.title = "Traffic of applications";
        chart.units = "kilobits/s";
        chart.context = "app_traffic";
        chart.type = "area";
        chart.priority = priority;
        chart.labels.emplace_back("accuracy", to_string(known.accuracy));
        chart.variables = {{"bandwidth_warn", known.threshold.warning},
                           {"bandwidth_crit", known.threshold.critical}};
        chart.dimensions = {bytes("received", known.shown.rx), bytes("sent", known.shown.tx, true)};
        charts.push_back(std::move(chart));
    }
    charts.push_back(std::move(connections));
    charts.push_back(std::move(states));
}

// An application that comes back goes on from where it was, so those that are gone are remembered, too.
void AppCharts::forget_absent(const Snapshot& snapshot) {
    if (apps_.size() > most_known)
        std::erase_if(apps_, [&](const auto& item) {
            return !snapshot.app(item.first) && !charted_.chosen().contains(item.first) &&
                   !stacked_.chosen().contains(item.first);
        });
}

void AppCharts::add(std::vector<Chart>& charts, const Snapshot& snapshot) {
    const std::vector<Candidate> candidates = take(snapshot);
    charted_.update(candidates, snapshot.time.boottime);
    stacked_.update(candidates, snapshot.time.boottime);
    add_to_others();
    add_overview(charts);
    for (const AppId& app : charted_.chosen())
        add_app(charts, app, apps_.at(app));
    forget_absent(snapshot);
    ++samples_;
}

} // namespace sockledger::netdata
