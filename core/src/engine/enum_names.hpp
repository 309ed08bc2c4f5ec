// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>
#include <sockledger/rules.hpp>
#include <sockledger/snapshot.hpp>

#include <optional>
#include <string_view>
#include <type_traits>

/// From a name back to its enumerator: to_string() is the only table.
namespace sockledger {

template<typename Enum>
inline constexpr Enum last_enumerator = Enum{};
template<>
inline constexpr auto last_enumerator<Accuracy> = Accuracy::Unavailable;
template<>
inline constexpr auto last_enumerator<InterfaceKind> = InterfaceKind::Other;
template<>
inline constexpr auto last_enumerator<Protocol> = Protocol::Other;
template<>
inline constexpr auto last_enumerator<SocketState> = SocketState::NewSynRecv;
template<>
inline constexpr auto last_enumerator<Scope> = Scope::Internet;
template<>
inline constexpr auto last_enumerator<UnattributedCause> = UnattributedCause::NotCounted;
template<>
inline constexpr auto last_enumerator<UsageBucket::Unit> = UsageBucket::Unit::Month;
template<>
inline constexpr auto last_enumerator<UsageGroup> = UsageGroup::AppInterface;
template<>
inline constexpr auto last_enumerator<Rule::Subject> = Rule::Subject::Interface;
template<>
inline constexpr auto last_enumerator<Rule::Direction> = Rule::Direction::Both;
template<>
inline constexpr auto last_enumerator<Rule::Measure> = Rule::Measure::Cycle;

/// Nothing for another word. Threads: any.
template<typename Enum>
std::optional<Enum> parse_name(std::string_view name) {
    using Number = std::underlying_type_t<Enum>;
    static_assert(last_enumerator<Enum> != Enum{}, "say which enumerator is the last");
    for (Number number = 0; number <= static_cast<Number>(last_enumerator<Enum>); ++number)
        if (to_string(static_cast<Enum>(number)) == name)
            return static_cast<Enum>(number);
    return std::nullopt;
}

} // namespace sockledger
