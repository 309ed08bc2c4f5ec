// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alert_book.hpp"

#include "names.hpp"
#include "values.hpp"

#include <sockledger/sockledger.h>

namespace sockledger::collectd {

namespace {

Notification cleared(Notification raised) {
    raised.severity = Severity::Okay;
    raised.message = "cleared: " + raised.message;
    return raised;
}

} // namespace

void AlertBook::begin_stream() {
    for (auto& [key, raised] : raised_)
        raised.told = false;
}

std::optional<Notification> AlertBook::take(const sockledger_alert& alert, const std::string* app_name) {
    const std::string subject = alert.subject;
    std::pair key{std::string(alert.rule), subject};
    const auto known = raised_.find(key);
    if (known != raised_.end()) {
        known->second.told = true;
        if (alert.active != 0)
            return std::nullopt;
        Notification notification = cleared(std::move(known->second.notification));
        raised_.erase(known);
        return notification;
    }
    if (alert.active == 0)
        return std::nullopt;
    Notification notification;
    notification.type = "if_octets";
    notification.type_instance = clean_name(alert.rule);
    notification.message = subject.empty() ? alert.text : std::string(alert.name) + ": " + alert.text;
    if (alert.kind == SOCKLEDGER_SUBJECT_APP) {
        notification.plugin = app_plugin;
        notification.instance = app_name ? *app_name : clean_name(alert.name);
    } else {
        notification.plugin = machine_plugin;
        notification.instance = subject.empty() ? machine_instance : clean_name(subject);
    }
    raised_.emplace(std::move(key), Raised{notification});
    return notification;
}

std::vector<Notification> AlertBook::end_of_active() {
    std::vector<Notification> notifications;
    for (auto item = raised_.begin(); item != raised_.end();) {
        if (item->second.told) {
            ++item;
        } else {
            notifications.push_back(cleared(std::move(item->second.notification)));
            item = raised_.erase(item);
        }
    }
    return notifications;
}

} // namespace sockledger::collectd
