// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/sample_snapshot.hpp"

#include <chrono>
#include <string>

namespace sockledger::testing {

/// A machine whose applications move what a test says, sampled once a second.
class Machine {
public:
    Machine() {
        snapshot_.netns = sample::lo.netns;
        snapshot_.time = {std::chrono::hours(1), std::chrono::hours(24 * 365 * 56)};
        snapshot_.total.accuracy = Accuracy::Exact;
        snapshot_.sources = {{"links", Accuracy::Exact, 0, 0, {}, ""},
                             {"traffic", Accuracy::Exact, 0, 0, {}, ""}};
    }

    App& app(const std::string& id, const std::string& name = {}) {
        const auto place = std::ranges::lower_bound(snapshot_.apps, id, {}, &App::id);
        if (place != snapshot_.apps.end() && place->id == id)
            return *place;
        App made;
        made.id = id;
        made.name = name.empty() ? id.substr(id.find_last_of(":/") + 1) : name;
        made.traffic.accuracy = made.loopback.accuracy = Accuracy::Exact;
        return *snapshot_.apps.insert(place, std::move(made));
    }
    void moves(const std::string& id, std::uint64_t rx, std::uint64_t tx = 0) {
        app(id).traffic.rx_bytes += rx;
        app(id).traffic.tx_bytes += tx;
    }
    Snapshot& now() { return snapshot_; }
    /// A second later.
    const Snapshot& tick(std::chrono::seconds time = std::chrono::seconds(1)) {
        ++snapshot_.sequence;
        snapshot_.interval = time;
        snapshot_.time.boottime += time;
        snapshot_.time.realtime += time;
        return snapshot_;
    }

private:
    Snapshot snapshot_;
};

} // namespace sockledger::testing
