// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <functional>
#include <string>

namespace sockledger::collectd {

enum class Severity { Warning, Okay };

/// A notification of collectd; where it belongs to is said as for values. Passive data.
struct Notification {
    Severity severity = Severity::Warning;
    const char* plugin = "";
    std::string instance;
    const char* type = "";
    std::string type_instance;
    std::string message;
};

/// What the plugin may ask of the daemon that loaded it. Both are called on the plugin's own thread.
struct Host {
    std::function<void(Severity severity, const std::string& line)> log;
    std::function<void(const Notification&)> notify;
};

} // namespace sockledger::collectd
