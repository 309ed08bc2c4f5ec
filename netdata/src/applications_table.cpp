// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "table_cells.hpp"
#include "tables.hpp"

namespace sockledger::netdata {

namespace json = boost::json;

namespace {

using Kind = Column::Kind;

Severity severity_of(const App& app, const Settings& settings) {
    const Threshold limit = settings.threshold_of(app.id, app.name);
    const double kilobits = (app.traffic.rx_rate.value_or(0) + app.traffic.tx_rate.value_or(0)) * 8 / 1000;
    if (limit.critical > 0 && kilobits > static_cast<double>(limit.critical))
        return Severity::Error;
    if (limit.warning > 0 && kilobits > static_cast<double>(limit.warning))
        return Severity::Warning;
    return app.traffic.accuracy == Accuracy::Exact ? Severity::Normal : Severity::Notice;
}

} // namespace

TableDescription applications_description(const Settings& settings) {
    return {
        "Applications and what they move over the network, counted packet by packet where 'Accuracy' says "
        "exact. Totals are since counting began.",
        settings.update_every,
        {}};
}

std::string applications_table(const Snapshot& snapshot, const Settings& settings, std::int64_t expires) {
    Table table({{"App", "Application", Kind::Name, true, false, true},
                 {"ReceivedRate", "Receives", Kind::Rate},
                 {"SentRate", "Sends", Kind::Rate},
                 {"Received", "Received", Kind::Amount},
                 {"Sent", "Sent", Kind::Amount},
                 {"Processes", "Processes", Kind::Count},
                 {"Connections", "Connections", Kind::Count},
                 {"TCP", "TCP", Kind::Count},
                 {"UDP", "UDP", Kind::Count},
                 {"Established", "Established", Kind::Count, false},
                 {"Listen", "Listening", Kind::Count, false},
                 {"Accuracy", "Accuracy", Kind::Name},
                 {"AppId", "Id", Kind::Text, false, true}});
    for (const App* app : busiest_rows(snapshot.apps, settings.function_rows)) {
        if (app->connections.total == 0 && app->traffic.rx_bytes + app->traffic.tx_bytes == 0)
            continue;
        json::array row{app->name};
        add_traffic(row, app->traffic);
        row.emplace_back(app->processes.size());
        for (const std::uint32_t count : {app->connections.total, app->connections.tcp, app->connections.udp,
                                          app->connections.established, app->connections.listen})
            row.emplace_back(count);
        row.emplace_back(to_string(app->traffic.accuracy));
        row.emplace_back(app->id);
        table.add_row(std::move(row), severity_of(*app, settings));
    }
    table.sort_by("ReceivedRate");
    table.group_by({"App", "Application"});
    table.group_by({"Accuracy", "Accuracy"});
    table.chart("Rates", "Rates", {"ReceivedRate", "SentRate"});
    table.chart("Totals", "Totals", {"Received", "Sent"});
    return table.body(applications_description(settings), expires);
}

} // namespace sockledger::netdata
