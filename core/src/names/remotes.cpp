// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names/remotes.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace sockledger {

namespace {

void add(std::optional<double>& sum, std::optional<double> part) {
    if (part) {
        sum = sum.value_or(0) + *part;
    }
}

void add(Remote& remote, const Traffic& part) {
    Traffic& sum = remote.traffic;
    sum.accuracy = remote.connections == 0 ? part.accuracy : worst(sum.accuracy, part.accuracy);
    sum.rx_bytes += part.rx_bytes;
    sum.tx_bytes += part.tx_bytes;
    add(sum.rx_rate, part.rx_rate);
    add(sum.tx_rate, part.tx_rate);
    ++remote.connections;
}

bool is_busier(const Remote& one, const Remote& other) {
    const auto order = [](const Remote& remote) {
        const Traffic& traffic = remote.traffic;
        return std::tuple(traffic.rx_rate.value_or(0) + traffic.tx_rate.value_or(0),
                          traffic.rx_bytes + traffic.tx_bytes);
    };
    return order(one) > order(other);
}

} // namespace

std::vector<Remote> group_remotes(std::span<const Connection* const> connections, const Listeners& listeners,
                                  std::size_t most_of_an_app) {
    using Key = std::tuple<std::string_view, Protocol, Endpoint, std::uint16_t>;
    std::map<Key, Remote> groups;
    for (const Connection* connection : connections) {
        if (connection->scope == Scope::Unspecified) {
            continue;
        }
        const bool accepted = listeners.accepted(*connection);
        Endpoint endpoint = connection->remote;
        endpoint.port = accepted ? std::uint16_t{0} : endpoint.port;
        const std::uint16_t own_port = accepted ? connection->local.port : std::uint16_t{0};
        const auto [entry, is_new] =
            groups.try_emplace({connection->app, connection->protocol, endpoint, own_port});
        Remote& remote = entry->second;
        if (is_new) {
            remote.app = connection->app;
            remote.protocol = connection->protocol;
            remote.endpoint = endpoint;
            remote.own_port = own_port;
            remote.scope = connection->scope;
        }
        add(remote, connection->traffic);
    }
    std::vector<Remote> remotes;
    for (auto& [key, remote] : groups) {
        remotes.push_back(std::move(remote));
    }
    std::ranges::stable_sort(remotes, is_busier);
    std::map<AppId, std::size_t> taken;
    std::erase_if(remotes, [&](const Remote& remote) { return taken[remote.app]++ >= most_of_an_app; });
    return remotes;
}

std::vector<Remote> top_remotes(const Snapshot& snapshot, std::string_view app, std::size_t most) {
    std::vector<const Connection*> connections;
    for (const Connection& connection : snapshot.connections) {
        if (connection.scope != Scope::Loopback && (app.empty() || connection.app == app)) {
            connections.push_back(&connection);
        }
    }
    return group_remotes(connections, Listeners(snapshot), most);
}

} // namespace sockledger
