// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/derived.hpp>
#include <sockledger/snapshot.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sockledger::netdata {

/// In MB; null for what is not known, which is not zero.
inline boost::json::value amount(const Traffic& traffic, std::uint64_t bytes) {
    if (traffic.accuracy == Accuracy::Unavailable)
        return nullptr;
    return static_cast<double>(bytes) / 1e6;
}

/// In kB/s.
inline boost::json::value rate(const Traffic& traffic, const std::optional<double>& bytes_per_second) {
    if (traffic.accuracy == Accuracy::Unavailable || !bytes_per_second)
        return nullptr;
    return *bytes_per_second / 1e3;
}

/// The four cells of a Traffic: rates, then totals.
inline void add_traffic(boost::json::array& row, const Traffic& traffic) {
    row.emplace_back(rate(traffic, traffic.rx_rate));
    row.emplace_back(rate(traffic, traffic.tx_rate));
    row.emplace_back(amount(traffic, traffic.rx_bytes));
    row.emplace_back(amount(traffic, traffic.tx_bytes));
}

/// "192.0.2.1", "2001:db8::1", "*".
inline std::string address_or_any(const Endpoint& endpoint) {
    return endpoint.address == Endpoint{}.address ? "*" : address_text(endpoint);
}

/// The `most` busiest of some rows.
template<typename Row>
std::vector<const Row*> busiest_rows(const std::vector<Row>& rows, std::size_t most) {
    std::vector<const Row*> list;
    list.reserve(rows.size());
    for (const Row& row : rows)
        list.push_back(&row);
    if (list.size() > most) {
        const auto busier = [](const Row* a, const Row* b) {
            const auto key = [](const Row* row) {
                return std::pair(row->traffic.rx_rate.value_or(0) + row->traffic.tx_rate.value_or(0),
                                 row->traffic.rx_bytes + row->traffic.tx_bytes);
            };
            return key(a) > key(b);
        };
        std::ranges::partial_sort(list, list.begin() + static_cast<std::ptrdiff_t>(most), busier);
        list.resize(most);
    }
    return list;
}

} // namespace sockledger::netdata
