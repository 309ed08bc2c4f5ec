// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/rules.hpp>

#include <array>
#include <cstddef>

namespace sockledger {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> subjects{"total", "app", "interface"};
constexpr std::array<std::string_view, 3> directions{"rx", "tx", "both"};
constexpr std::array<std::string_view, 5> measures{"rate", "hour", "day", "month", "cycle"};

template<typename Enum, std::size_t size>
std::string_view name(const std::array<std::string_view, size>& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

} // namespace

std::string_view to_string(Rule::Subject subject) {
    return name(subjects, subject);
}

std::string_view to_string(Rule::Direction direction) {
    return name(directions, direction);
}

std::string_view to_string(Rule::Measure measure) {
    return name(measures, measure);
}

} // namespace sockledger
