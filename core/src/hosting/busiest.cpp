// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/busiest.hpp>

#include <algorithm>
#include <cmath>

namespace sockledger {

namespace {

constexpr double half_life_seconds = 60;
constexpr double clearly_busier = 1.5;
constexpr std::chrono::seconds shortest_stay{60};

} // namespace

bool Busiest::may_go(const State& state, Time now) const {
    return state.score == 0 || now - state.chosen >= shortest_stay;
}

void Busiest::update(const std::vector<Candidate>& candidates, Time now) {
    const double passed = updated_ < Time::zero() ? 0 : std::chrono::duration<double>(now - updated_).count();
    const double fade = std::exp2(-std::max(passed, 0.0) / half_life_seconds);
    updated_ = now;
    for (auto& [key, state] : states_)
        state.score *= fade;
    for (const Candidate& candidate : candidates) {
        if (candidate.moved == 0 && !candidate.present)
            continue;
        State& state = states_[candidate.key];
        state.score += static_cast<double>(candidate.moved);
        state.seen = now;
    }
    std::erase_if(states_, [&](const auto& item) { return now - item.second.seen >= forget_after_; });
    std::erase_if(chosen_, [&](const std::string& key) { return !states_.contains(key); });

    // Who waits, the busiest first; who may have to go, the idlest first.
    using Ranked = std::pair<double, const std::string*>;
    std::vector<Ranked> waiting;
    std::vector<Ranked> leaving;
    for (const auto& [key, state] : states_) {
        if (!chosen_.contains(key))
            waiting.emplace_back(-state.score, &key);
        else if (may_go(state, now))
            leaving.emplace_back(state.score, &key);
    }
    const auto order = [](const Ranked& a, const Ranked& b) {
        return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    };
    std::ranges::sort(waiting, order);
    std::ranges::sort(leaving, order);
    auto goes = leaving.begin();
    for (const auto& [score, key] : waiting) {
        if (chosen_.size() >= most_) {
            if (goes == leaving.end() || -score <= goes->first * clearly_busier)
                break;
            chosen_.erase(*goes->second);
            ++goes;
        }
        chosen_.insert(*key);
        states_[*key].chosen = now;
    }
}

} // namespace sockledger
