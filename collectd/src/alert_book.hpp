// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "host.hpp"

#include <sockledger/standing_alerts.hpp>

#include <optional>
#include <string>
#include <vector>

struct sockledger_alert;

namespace sockledger::collectd {

/// The daemon's alerts as notifications, each once when it is raised and once when it is cleared, whatever
/// the connection to the daemon does in between. Threads: one at a time.
class AlertBook {
public:
    /// A stream begins: the daemon tells all active ones anew.
    void begin_stream();
    /// The notification of an alert, if it says anything new. `app_name` is what values of the subject have
    /// as their instance, when there are any.
    std::optional<Notification> take(const sockledger_alert& alert, const std::string* app_name);
    /// Once all active ones have been told: those that were cleared while nobody listened.
    std::vector<Notification> end_of_active();

private:
    StandingAlerts<Notification> standing_;
};

} // namespace sockledger::collectd
