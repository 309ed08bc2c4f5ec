// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/selection.hpp"

#include <sockledger/daemon.hpp>
#include <sockledger/result.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

/// The parameters of the calls and replies of io.sockledger.varlink. Threads: any.
namespace sockledger {

/// Nothing at all.
struct NoParameters {
    bool operator==(const NoParameters&) const = default;
};

struct GetSnapshotParameters {
    Sections sections;
    Selection filter; ///< without `app_id` and `process`
    bool operator==(const GetSnapshotParameters&) const = default;
};

struct SubscribeParameters {
    Sections sections;
    Selection filter;
    std::chrono::milliseconds interval{1000};
    bool operator==(const SubscribeParameters&) const = default;
};

struct MonitoredNames {
    std::vector<std::string> names;
    bool operator==(const MonitoredNames&) const = default;
};

struct RuleParameter {
    Rule rule;
    bool operator==(const RuleParameter&) const = default;
};

struct RuleId {
    std::string id;
    bool operator==(const RuleId&) const = default;
};

struct AlertsSince {
    std::chrono::seconds since{};
    bool operator==(const AlertsSince&) const = default;
};

struct InterfaceList {
    std::vector<KnownInterface> interfaces;
    bool operator==(const InterfaceList&) const = default;
};

struct RuleList {
    std::vector<Rule> rules;
    bool operator==(const RuleList&) const = default;
};

struct AlertList {
    std::vector<Alert> alerts;
    bool operator==(const AlertList&) const = default;
};

struct AlertParameter {
    Alert alert;
    bool operator==(const AlertParameter&) const = default;
};

/// What is wrong with the parameters of a call.
struct BadParameter {
    std::string name; ///< the path to it: "rule.threshold", "sections[1]"
    std::string reason;
    bool operator==(const BadParameter&) const = default;
};

// Each of these three takes every struct above but BadParameter, and UsageQuery (GetUsage), Usage (its
// reply) and DaemonStatus (the reply of GetStatus).

/// Appends the JSON object.
template<typename Parameters>
void append_parameters(std::string& out, const Parameters& parameters);

/// Reads what a client sent: a member that is not known is a mistake.
template<typename Parameters>
std::variant<Parameters, BadParameter> read_request(const boost::json::object& parameters);

/// Reads what the daemon sent: a later one may say more. The Error names the path to what is wrong.
template<typename Parameters>
Result<Parameters> read_reply(const boost::json::object& parameters);

} // namespace sockledger
