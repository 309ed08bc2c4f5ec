// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/service_json.hpp"
#include "service/snapshot_fields.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The members of everything in service_json.hpp, for JsonWriter and JsonReader alike.
namespace sockledger {

template<typename Json>
void fields(Json&, typename Json::template Ref<NoParameters>) {}

/// A list of names; all without the list.
template<typename Json>
void section_list(Json& json, typename Json::template Ref<Sections> sections) {
    static constexpr std::pair<std::string_view, bool Sections::*> known[] = {
        {"interfaces", &Sections::interfaces},
        {"apps", &Sections::apps},
        {"processes", &Sections::processes},
        {"connections", &Sections::connections}};
    std::optional<std::vector<std::string>> names;
    if constexpr (!Json::reads) {
        names.emplace();
        for (const auto& [name, section] : known)
            if (sections.*section)
                names->emplace_back(name);
    }
    json("sections", names);
    if constexpr (Json::reads) {
        if (!names)
            return;
        for (const auto& [name, section] : known)
            sections.*section = std::erase(*names, name) > 0;
        if (!names->empty())
            json.fail_at("sections", "there is no section " + names->front());
    }
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Selection> filter) {
    json.or_null("app", filter.app, !filter.app.empty());
    json("pid", filter.pid);
    json("port", filter.port);
    json("state", filter.state);
    json.or_null("interface", filter.interface, !filter.interface.empty());
    json.or_null("text", filter.text, !filter.text.empty());
    json.or_default("all", filter.all);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<GetSnapshotParameters> call) {
    section_list(json, call.sections);
    json.or_default("filter", call.filter);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<SubscribeParameters> call) {
    section_list(json, call.sections);
    json.or_default("filter", call.filter);
    json.or_default("interval_ms", call.interval);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<TimeWindow> window) {
    json("from", window.from);
    json("to", window.to);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<UsageQuery> query) {
    json("window", query.window);
    json.or_default("bucket", query.bucket.unit);
    json.or_default("bucket_s", query.bucket.width);
    json.or_default("group", query.group);
    json("app", query.app);
    json("interface", query.interface);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<UsageRow> row) {
    json("window", row.window);
    json("app", row.app);
    json("name", row.name);
    json("icon", row.icon);
    json("interface", row.interface);
    json("rx_bytes", row.rx_bytes);
    json("tx_bytes", row.tx_bytes);
    json("accuracy", row.accuracy);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<UsageGap> gap) {
    json("window", gap.window);
    json("interface", gap.interface);
    json("rx_bytes", gap.rx_bytes);
    json("tx_bytes", gap.tx_bytes);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Usage> usage) {
    json("window", usage.window);
    json("step_s", usage.step);
    json("rows", usage.rows);
    json("rx_bytes", usage.rx_bytes);
    json("tx_bytes", usage.tx_bytes);
    json("gaps", usage.gaps);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<KnownInterface> interface) {
    json("name", interface.name);
    json("present", interface.present);
    json("monitored", interface.monitored);
    json("counted", interface.counted);
    json("last_seen", interface.last_seen);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Rule> rule) {
    json("id", rule.id);
    json.or_default("text", rule.text);
    json("subject", rule.subject);
    json.or_default("target", rule.target);
    json.or_default("direction", rule.direction);
    json("measure", rule.measure);
    json("threshold", rule.threshold);
    json.or_default("seconds", rule.seconds);
    json.or_default("cycle_day", rule.cycle_day);
    json.or_default("enabled", rule.enabled);
    json.or_default("from_configuration", rule.from_configuration);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<Alert> alert) {
    json("number", alert.number);
    json("rule", alert.rule);
    json("text", alert.text);
    json("kind", alert.kind);
    json("subject", alert.subject);
    json("name", alert.name);
    json("active", alert.active);
    json("raised", alert.raised);
    json("cleared", alert.cleared);
    json("value", alert.value);
    json("threshold", alert.threshold);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<HistoryStatus> history) {
    json("recording", history.recording);
    json("detail", history.detail);
    json("path", history.path);
    json("size_bytes", history.size_bytes);
    json("waiting", history.waiting);
    json("oldest", history.oldest);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<DaemonStatus> status) {
    json("version", status.version);
    json("pid", status.pid);
    json("started", status.started);
    json("clients", status.clients);
    json("privileged", status.privileged);
    json("history", status.history);
    json("sources", status.sources);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<MonitoredNames> call) {
    json("names", call.names);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<RuleParameter> call) {
    json("rule", call.rule);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<RuleId> call) {
    json("id", call.id);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<AlertsSince> call) {
    json("since", call.since);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<InterfaceList> reply) {
    json("interfaces", reply.interfaces);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<RuleList> reply) {
    json("rules", reply.rules);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<AlertList> reply) {
    json("alerts", reply.alerts);
}

template<typename Json>
void fields(Json& json, typename Json::template Ref<AlertParameter> reply) {
    json("alert", reply.alert);
}

} // namespace sockledger
