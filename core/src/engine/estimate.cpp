// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/estimate.hpp"

#include <algorithm>
#include <numeric>

namespace sockledger {

std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const std::uint64_t> weights) {
    std::vector<std::uint64_t> shares(weights.size());
    const std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
    if (sum == 0) {
        return shares;
    }
    // total × weight / sum in two parts, neither of which overflows.
    const std::uint64_t whole = total / sum;
    const std::uint64_t odd = total % sum;
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::uint64_t left = total;
    for (const std::size_t i : order) {
        shares[i] = whole * weights[i] + odd * weights[i] / sum;
        left -= shares[i];
    }
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return odd * weights[i] % sum; });
    for (const std::size_t i : std::span(order).first(left)) {
        ++shares[i];
    }
    return shares;
}

std::uint64_t weight_of(const Connection& connection) {
    if (connection.scope == Scope::Loopback) {
        return 0;
    }
    switch (connection.state) {
    case SocketState::Established:
        return 4;
    case SocketState::Unknown:
    case SocketState::TimeWait:
    case SocketState::Close:
    case SocketState::Listen:
        return 0;
    default:
        return 1;
    }
}

void Estimate::weigh(const std::vector<Connection>& connections, const InterfaceBooks& interfaces) {
    weights_.clear();
    for (const Connection& connection : connections) {
        const std::uint64_t weight = weight_of(connection);
        if (weight == 0) {
            continue;
        }
        const ProcessId who = connection.owner.value_or(ProcessId{});
        if (connection.interface && !interfaces.link(*connection.interface).loopback) {
            weights_[*connection.interface][who] += weight;
            continue;
        }
        for (const InterfaceId& route : interfaces.default_routes(connection.id.netns)) {
            weights_[route][who] += weight;
        }
    }
}

void Estimate::share(Accounts& accounts, InterfaceBooks& interfaces) const {
    for (const auto& [id, weights_here] : weights_) {
        const Amount step = interfaces.step(id);
        if (step == Amount{}) {
            continue;
        }
        std::vector<std::uint64_t> weights;
        for (const auto& [who, weight] : weights_here) {
            weights.push_back(weight);
        }
        const auto rx_bytes = share_out(step.rx.bytes, weights);
        const auto rx_packets = share_out(step.rx.packets, weights);
        const auto tx_bytes = share_out(step.tx.bytes, weights);
        const auto tx_packets = share_out(step.tx.packets, weights);
        std::size_t i = 0;
        for (const auto& [who, weight] : weights_here) {
            const Amount part{{rx_bytes[i], rx_packets[i]}, {tx_bytes[i], tx_packets[i]}};
            accounts.book(who, {id, false}, part, Accuracy::Estimated);
            interfaces.count_apps(id, part, Accuracy::Estimated);
            ++i;
        }
    }
}

} // namespace sockledger
