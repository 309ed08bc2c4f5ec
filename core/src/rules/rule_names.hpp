// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/rules.hpp>

#include <optional>
#include <string_view>

/// The words of to_string() read back; nothing for another word. Threads: any.
namespace sockledger {

std::optional<Rule::Subject> parse_subject(std::string_view word);
std::optional<Rule::Direction> parse_direction(std::string_view word);
std::optional<Rule::Measure> parse_measure(std::string_view word);

} // namespace sockledger
