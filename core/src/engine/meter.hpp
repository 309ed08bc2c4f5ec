// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace sockledger {

/// What passed in one direction.
struct Flow {
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;
    bool operator==(const Flow&) const = default;
    Flow& operator+=(const Flow& other) {
        bytes += other.bytes;
        packets += other.packets;
        return *this;
    }
    friend Flow operator+(Flow left, const Flow& right) { return left += right; }
};

inline Flow larger(const Flow& left, const Flow& right) {
    return {std::max(left.bytes, right.bytes), std::max(left.packets, right.packets)};
}

/// What passed in both.
struct Amount {
    Flow rx;
    Flow tx;
    bool operator==(const Amount&) const = default;
    Amount& operator+=(const Amount& other) {
        rx += other.rx;
        tx += other.tx;
        return *this;
    }
    friend Amount operator+(Amount left, const Amount& right) { return left += right; }
};

/// Totals that only grow, with the rates of the last interval, and how well they are known: as the worst
/// of what was ever counted.
class Meter {
public:
    /// Counts a step, which may be negative (modulo 2^64). The totals follow when the interval ends; where
    /// the sum has fallen they stay until it reaches them again.
    void add(const Amount& step, Accuracy how = Accuracy::Exact);
    /// Lifts each total to at least this.
    void raise_to(const Amount& totals);
    Amount totals() const;
    bool empty() const { return totals() == Amount{}; }

    /// For a meter that is made while everything is counted: it stood at zero when the interval began,
    /// so that its first rate is known.
    void begin_at_zero() { rx_before_ = tx_before_ = 0; }
    /// Ends an interval: the rates are those since the last call, absent at the first.
    void close(std::chrono::nanoseconds interval);
    /// Ends an interval in which the counters were not read. No rate now, and none for the next
    /// interval, in which two come at once.
    void skip();

    /// `now`: how anything that moves is known now.
    Traffic traffic(Accuracy now) const;

private:
    void settle();

    Traffic traffic_;                        // without its accuracy
    Amount counted_;                         // the sum of the steps
    Accuracy accuracy_ = Accuracy::Exact;    // of the steps
    std::optional<std::uint64_t> rx_before_; // totals at the last close()
    std::optional<std::uint64_t> tx_before_;
};

} // namespace sockledger
