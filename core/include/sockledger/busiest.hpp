// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sockledger {

/// One that may have a chart, at this sample.
struct Candidate {
    std::string key;
    std::uint64_t moved = 0; ///< bytes since the sample before
    bool present = false;    ///< has a reason to be shown without moving anything
};

/// Which few of many have charts: the busiest of the last minutes. Charts that come and go tell nothing, so
/// who has one keeps it for a minute at least (or until somebody busy wants it, if it has moved nothing),
/// loses it only to one that is clearly busier, and goes when there was nothing of it for `forget_after`.
/// Time is any that goes on steadily. Threads: one at a time.
class Busiest {
public:
    using Time = std::chrono::nanoseconds;

    Busiest(std::size_t most, Time forget_after) : most_(most), forget_after_(forget_after) {}

    void update(const std::vector<Candidate>& candidates, Time now);
    /// At most `most`. Valid until the next update().
    const std::set<std::string>& chosen() const { return chosen_; }

private:
    struct State {
        double score = 0; ///< bytes; old ones count for less
        Time seen{};      ///< last moved or present
        Time chosen{};
    };
    bool may_go(const State& state, Time now) const;

    const std::size_t most_;
    const Time forget_after_;
    std::map<std::string, State> states_;
    std::set<std::string> chosen_;
    Time updated_{-1};
};

} // namespace sockledger
