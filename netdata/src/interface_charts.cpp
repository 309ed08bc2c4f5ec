// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "interface_charts.hpp"

#include "identifier.hpp"

#include <utility>

namespace sockledger::netdata {

namespace {

constexpr int priority = 7100;

/// Where the remainder is as it should be, it is no reason for an alarm.
bool explained(UnattributedCause cause) {
    using enum UnattributedCause;
    return cause == Forwarded || cause == Bridged || cause == OtherNetns || cause == Encapsulated ||
           cause == NotCounted;
}

/// "eth0"; with its namespace in front when that is another one than the snapshot's own.
std::string interface_key(const Interface& interface, const Snapshot& snapshot) {
    if (interface.id.netns == snapshot.netns)
        return interface.name;
    return interface.netns_name + "/" + interface.name;
}

Chart book(Chart chart, const char* direction, const char* title, int place, std::uint64_t Traffic::*bytes_of,
           const Interface& interface, std::uint64_t warning) {
    chart.id += std::string("_books_") + direction;
    chart.title = title;
    chart.units = "kilobits/s";
    chart.context = std::string("interface_books_") + direction;
    chart.type = "stacked";
    chart.priority = priority + place;
    chart.labels.emplace_back("accuracy",
                              to_string(worst(interface.apps.accuracy, interface.kernel.accuracy)));
    chart.variables = {{"unattributed_warn", explained(interface.unattributed_cause) ? 0 : warning}};
    chart.dimensions = {bytes("apps", interface.apps.*bytes_of), bytes("kernel", interface.kernel.*bytes_of),
                        bytes("unattributed", interface.unattributed.*bytes_of)};
    return chart;
}

void add_interface(std::vector<Chart>& charts, const Interface& interface, const Chart& base,
                   std::uint64_t warning) {
    Chart chart = base;
    if (interface.total.accuracy != Accuracy::Unavailable) {
        chart.id = base.id + "_traffic";
        chart.title = "Traffic of interfaces";
        chart.units = "kilobits/s";
        chart.context = "interface_traffic";
        chart.type = "area";
        chart.priority = priority;
        chart.dimensions = {bytes("received", interface.total.rx_bytes),
                            bytes("sent", interface.total.tx_bytes, true)};
        charts.push_back(chart);
    }
    const Accuracy books = worst(interface.apps.accuracy, interface.kernel.accuracy);
    if (worst(books, interface.unattributed.accuracy) != Accuracy::Unavailable) {
        charts.push_back(book(base, "received", "Who received it: the books of interfaces", 1,
                              &Traffic::rx_bytes, interface, warning));
        charts.push_back(book(base, "sent", "Who sent it: the books of interfaces", 2, &Traffic::tx_bytes,
                              interface, warning));
    }
    if (interface.total.accuracy != Accuracy::Unavailable) {
        chart.id = base.id + "_packets";
        chart.title = "Packets of interfaces";
        chart.units = "packets/s";
        chart.context = "interface_packets";
        chart.type = "line";
        chart.priority = priority + 3;
        chart.dimensions = {counter("received", interface.total.rx_packets),
                            counter("sent", interface.total.tx_packets, true)};
        charts.push_back(chart);

        chart.id = base.id + "_problems";
        chart.title = "Errors and drops of interfaces";
        chart.units = "packets/s";
        chart.context = "interface_problems";
        chart.priority = priority + 4;
        chart.dimensions = {counter("errors_received", interface.rx_errors),
                            counter("errors_sent", interface.tx_errors, true),
                            counter("drops_received", interface.rx_dropped),
                            counter("drops_sent", interface.tx_dropped, true)};
        charts.push_back(chart);
    }
    chart.id = base.id + "_state";
    chart.title = "State of interfaces: 1 for up";
    chart.units = "state";
    chart.context = "interface_state";
    chart.type = "line";
    chart.priority = priority + 5;
    chart.dimensions = {gauge("up", interface.up ? 1 : 0)};
    charts.push_back(std::move(chart));
}

} // namespace

InterfaceCharts::InterfaceCharts(const Settings& settings)
    : settings_(settings), charted_(settings.interface_charts, settings.forget_after) {}

void InterfaceCharts::add(std::vector<Chart>& charts, const Snapshot& snapshot) {
    std::vector<Candidate> candidates;
    std::map<std::string, std::uint64_t> moved;
    std::map<std::string, const Interface*> present;
    for (const Interface& interface : snapshot.interfaces) {
        // The number of a namespace without a name is another one each time
        if (interface.id.netns != snapshot.netns && (interface.netns_name.empty() || interface.loopback))
            continue;
        const std::string key = interface_key(interface, snapshot);
        if (!settings_.interfaces.matches(key))
            continue;
        present.emplace(key, &interface);
        const std::uint64_t total = interface.total.rx_bytes + interface.total.tx_bytes;
        const auto before = moved_before_.find(key);
        const bool grew = before != moved_before_.end() && total > before->second;
        candidates.push_back({key, grew ? total - before->second : 0, true});
        moved.emplace(key, total);
    }
    moved_before_ = std::move(moved);
    charted_.update(candidates, snapshot.time.boottime);
    for (const std::string& key : charted_.chosen()) {
        const auto found = present.find(key);
        if (found == present.end())
            continue;
        const Interface& interface = *found->second;
        Chart base;
        base.id = "if_" + identifier(key, '.');
        base.family = "interfaces";
        base.labels = {{"interface", label_text(key)}, {"kind", std::string(to_string(interface.kind))}};
        if (interface.id.netns != snapshot.netns)
            base.labels.emplace_back("netns", label_text(interface.netns_name));
        add_interface(charts, interface, base, settings_.unattributed_warning);
    }
}

} // namespace sockledger::netdata
