// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/shown_apps.hpp>

#include <algorithm>
#include <utility>

namespace sockledger {

namespace {

constexpr std::size_t most_known = 20000;

// A total that has fallen began anew: the application had been forgotten.
std::uint64_t grown(std::uint64_t now, std::uint64_t before) {
    return now >= before ? now - before : now;
}

void add(ConnectionCounts& sum, const ConnectionCounts& part) {
    sum.total += part.total;
    sum.tcp += part.tcp;
    sum.udp += part.udp;
    sum.other += part.other;
    sum.established += part.established;
    sum.listen += part.listen;
    for (std::size_t state = 0; state < socket_states; ++state)
        sum.tcp_states[state] += part.tcp_states[state];
}

} // namespace

ShownApps::ShownApps(Options options)
    : options_(std::move(options)), busiest_(options_.most, options_.forget_after) {
    other_.id = other_.name = "other";
}

std::vector<Candidate> ShownApps::take(const Snapshot& snapshot) {
    std::vector<Candidate> candidates;
    const SourceStatus* const traffic = snapshot.source("traffic");
    all_seen_ = traffic && traffic->accuracy == Accuracy::Exact;
    for (auto& [id, known] : apps_) {
        ShownApp& shown = known.shown;
        // Who is not there has moved nothing, unless not everybody is seen
        if (!all_seen_)
            shown.accuracy = Accuracy::Unavailable;
        shown.connections = {};
        shown.processes = 0;
        known.rx_before = std::exchange(shown.rx_bytes, known.now_rx);
        known.tx_before = std::exchange(shown.tx_bytes, known.now_tx);
        known.present = false;
    }
    for (const App& app : snapshot.apps) {
        const auto [item, fresh] = apps_.try_emplace(app.id);
        Known& known = item->second;
        ShownApp& shown = known.shown;
        if (fresh || shown.name == app.id) // before it was described
            known.wanted = !options_.wanted || options_.wanted(app);
        shown.id = app.id;
        shown.name = app.name.empty() ? app.id : app.name;
        shown.accuracy = app.traffic.accuracy;
        shown.connections = app.connections;
        shown.processes = static_cast<std::uint32_t>(app.processes.size());
        known.present = true;
        known.now_rx += grown(app.traffic.rx_bytes, std::exchange(known.counted_rx, app.traffic.rx_bytes));
        known.now_tx += grown(app.traffic.tx_bytes, std::exchange(known.counted_tx, app.traffic.tx_bytes));
        if (fresh && first_) { // who knows when that was
            shown.rx_bytes = known.rx_before = known.now_rx;
            shown.tx_bytes = known.tx_before = known.now_tx;
        }
        if (known.wanted)
            candidates.push_back({app.id, known.now_rx - shown.rx_bytes + known.now_tx - shown.tx_bytes,
                                  app.connections.total > 0});
    }
    first_ = false;
    return candidates;
}

void ShownApps::add_up() {
    const auto& chosen = busiest_.chosen();
    shown_.clear();
    other_.connections = {};
    other_.processes = 0;
    // That there is nobody is known where everybody is seen
    const bool nobody =
        all_seen_ && std::ranges::none_of(apps_, [](const auto& entry) { return entry.second.present; });
    other_.accuracy = accuracy_ = nobody ? Accuracy::Exact : Accuracy::Unavailable;
    const auto take_in = [](Accuracy& sum, Accuracy part) {
        sum = sum == Accuracy::Unavailable ? part : worst(sum, part);
    };
    for (const auto& [id, known] : apps_) {
        const bool has_own = chosen.contains(id);
        if (has_own)
            shown_.push_back(known.shown);
        // The first value of a newcomer shows no growth, so what grew before it counts here.
        if (!has_own || !chosen_before_.contains(id)) {
            other_.rx_bytes += known.shown.rx_bytes - known.rx_before;
            other_.tx_bytes += known.shown.tx_bytes - known.tx_before;
        }
        if (!has_own) {
            add(other_.connections, known.shown.connections);
            other_.processes += known.shown.processes;
        }
        if (known.shown.accuracy == Accuracy::Unavailable)
            continue;
        // Who moved nothing makes nothing worse
        const bool moved = known.now_rx + known.now_tx > 0;
        take_in(accuracy_, moved ? known.shown.accuracy : Accuracy::Exact);
        if (!has_own)
            take_in(other_.accuracy, moved ? known.shown.accuracy : Accuracy::Exact);
    }
    if (other_.accuracy == Accuracy::Unavailable)
        other_.accuracy = accuracy_; // nobody else, who moved nothing
    chosen_before_ = chosen;
}

// An application that comes back goes on from where it was, so those that are gone are remembered, too.
void ShownApps::forget_absent() {
    if (apps_.size() > most_known)
        std::erase_if(apps_, [&](const auto& item) {
            return !item.second.present && !busiest_.chosen().contains(item.first);
        });
}

void ShownApps::update(const Snapshot& snapshot) {
    busiest_.update(take(snapshot), snapshot.time.boottime);
    add_up();
    forget_absent();
}

} // namespace sockledger
