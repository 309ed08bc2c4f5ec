// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/measurements.hpp"

#include "rules/rule.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sockledger {

namespace {

constexpr char total_name[] = "total";

std::optional<double> rate(const Traffic& traffic, Rule::Direction direction) {
    if (traffic.accuracy == Accuracy::Unavailable)
        return std::nullopt;
    switch (direction) {
    case Rule::Direction::Rx:
        return traffic.rx_rate;
    case Rule::Direction::Tx:
        return traffic.tx_rate;
    case Rule::Direction::Both:
        break;
    }
    if (!traffic.rx_rate || !traffic.tx_rate)
        return std::nullopt;
    return *traffic.rx_rate + *traffic.tx_rate;
}

double amount(std::int64_t rx, std::int64_t tx, Rule::Direction direction) {
    const auto received = static_cast<double>(direction == Rule::Direction::Tx ? 0 : rx);
    const auto sent = static_cast<double>(direction == Rule::Direction::Rx ? 0 : tx);
    return received + sent;
}

} // namespace

Measurements rates_of(const Rule& rule, const Snapshot& snapshot, const std::vector<std::string>& monitored) {
    Measurements measurements;
    switch (rule.subject) {
    case Rule::Subject::Total:
        measurements[""] = {total_name, rate(snapshot.total, rule.direction)};
        break;
    case Rule::Subject::App:
        for (const App& app : snapshot.apps)
            if (is_about(rule, app.id, app.name))
                measurements[app.id] = {app.name.empty() ? app.id : app.name,
                                        rate(app.traffic, rule.direction)};
        break;
    case Rule::Subject::Interface:
        for (const Interface& interface : snapshot.interfaces)
            if (interface.id.netns == snapshot.netns && is_about(rule, interface.name, interface.name) &&
                (!rule.target.empty() || std::ranges::find(monitored, interface.name) != monitored.end()))
                measurements[interface.name] = {interface.name, rate(interface.total, rule.direction)};
        break;
    }
    return measurements;
}

Measurements amounts_of(const Rule& rule, const Usage& usage) {
    Measurements measurements;
    if (rule.subject == Rule::Subject::Total) {
        measurements[""] = {total_name, amount(usage.rx_bytes, usage.tx_bytes, rule.direction)};
        return measurements;
    }
    for (const UsageRow& row : usage.rows) {
        const bool app = rule.subject == Rule::Subject::App;
        const std::string& subject = app ? row.app : row.interface;
        const std::string& name = app && !row.name.empty() ? row.name : subject;
        if (is_about(rule, subject, name))
            measurements[subject] = {name, amount(row.rx_bytes, row.tx_bytes, rule.direction)};
    }
    return measurements;
}

} // namespace sockledger
