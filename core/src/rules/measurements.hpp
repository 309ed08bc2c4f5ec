// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>
#include <sockledger/rules.hpp>
#include <sockledger/snapshot.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What a rule compares with its threshold, for each of its subjects. Threads: any.
namespace sockledger {

struct Measured {
    std::string name;            ///< the subject's, for people
    std::optional<double> value; ///< bytes per second, or bytes; absent when not known
};
using Measurements = std::map<std::string, Measured>; ///< by subject, as in Alert::subject

/// For a rate rule. `monitored` names the interfaces that a rule without a target is about.
Measurements rates_of(const Rule& rule, const Snapshot& snapshot, const std::vector<std::string>& monitored);
/// For an amount rule, from the answer to its query_of().
Measurements amounts_of(const Rule& rule, const Usage& usage);

} // namespace sockledger
