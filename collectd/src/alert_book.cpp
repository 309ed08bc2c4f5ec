// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alert_book.hpp"

#include "names.hpp"
#include "values.hpp"

#include <sockledger/sockledger.h>

#include <algorithm>

namespace sockledger::collectd {

namespace {

Notification cleared(Notification raised) {
    raised.severity = Severity::Okay;
    raised.message = "cleared: " + raised.message;
    return raised;
}

} // namespace

void AlertBook::begin_stream() {
    standing_.begin_stream();
}

std::optional<Notification> AlertBook::take(const sockledger_alert& alert, const std::string* app_name) {
    const std::string subject = alert.subject;
    if (alert.active == 0) {
        auto raised = standing_.cleared(alert.rule, subject);
        return raised ? std::optional(cleared(std::move(*raised))) : std::nullopt;
    }
    const auto news = standing_.raised(alert.rule, subject);
    if (!news)
        return std::nullopt;
    Notification& notification = *news;
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
    return notification;
}

std::vector<Notification> AlertBook::end_of_active() {
    auto over = standing_.end_of_active();
    std::ranges::transform(over, over.begin(), cleared);
    return over;
}

} // namespace sockledger::collectd
