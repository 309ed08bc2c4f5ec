// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>
#include <sockledger/result.hpp>
#include <sockledger/rules.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// What one rule means. Threads: any.
namespace sockledger {

/// What is wrong with the rule, as one line that names the member; success when nothing is.
Result<void> validate(const Rule& rule);

/// The period that an amount rule is in; not for Rule::Measure::Rate.
TimeWindow period_of(const Rule& rule, std::chrono::seconds now);
/// The question of history that an amount rule asks at `now`.
UsageQuery query_of(const Rule& rule, std::chrono::seconds now);

/// The rule is about this app or interface. An app is meant by its id or, in any case, by its name;
/// without a target the rule is about each app but "kernel" and unattributed_app, and about each
/// interface but what history books on none.
bool is_about(const Rule& rule, std::string_view subject, std::string_view name);
/// They differ in nothing that decides when an alert begins and ends.
bool same_meaning(const Rule& a, const Rule& b);

/// "Firefox received more than 5 GB this month", "eth0 moved more than 1.5 MB/s for 10 s". `name` is the
/// subject's; without it, the target.
std::string describe(const Rule& rule, std::string_view name = {});

} // namespace sockledger
