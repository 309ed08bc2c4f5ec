// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "columns.hpp"

/// What the columns of several views are made of. For the files of columns alone.
namespace sockledger::cli {

inline Cell text(std::string_view words) {
    return {std::string(words)};
}

inline Cell number(std::uint64_t count) {
    return {count};
}

inline Cell absent() {
    return {};
}

inline const App& app(const Item& item) {
    return *std::get<const App*>(item);
}
inline const Process& process(const Item& item) {
    return *std::get<const Process*>(item);
}
inline const Connection& connection(const Item& item) {
    return *std::get<const Connection*>(item);
}
inline const Interface& interface(const Item& item) {
    return *std::get<const Interface*>(item);
}
inline const Remote& remote(const Item& item) {
    return *std::get<const Remote*>(item);
}

using R = const Item&;
using C = const Context&;

inline constexpr Column rx_rate_column{
    "rx_rate", "{down} rate", Width::Rate, 0, 0, 90, [](R r, C c) { return rx_rate(traffic_of(r, c)); },
    {},        Hue::Down};
inline constexpr Column tx_rate_column{
    "tx_rate", "{up} rate", Width::Rate, 0, 0, 89, [](R r, C c) { return tx_rate(traffic_of(r, c)); },
    {},        Hue::Up};
inline constexpr Column rx_total_column{
    "rx_total", "{down} total", Width::Bytes, 0, 0, 70, [](R r, C c) { return rx_total(traffic_of(r, c)); }};
inline constexpr Column tx_total_column{
    "tx_total", "{up} total", Width::Bytes, 0, 0, 69, [](R r, C c) { return tx_total(traffic_of(r, c)); }};

constexpr Column name_column(std::string_view title, int least, int most) {
    return {"name", title, Width::Text, least, most, 100, [](R r, C c) { return text(name_of(r, c)); }};
}

std::span<const Column> connection_columns();
std::span<const Column> remote_columns();

} // namespace sockledger::cli
