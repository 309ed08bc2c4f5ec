// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/pending.hpp"

#include <utility>

namespace sockledger {

void Pending::add(std::chrono::seconds time, Series series, const UsageAmount& amount) {
    rows_[{std::chrono::floor<std::chrono::minutes>(time), series}] += amount;
}

void Pending::coalesce(const Calendar& calendar, std::size_t most) {
    for (const Tier tier : {Tier::Hour, Tier::Day, Tier::Month, Tier::Year}) {
        if (rows_.size() <= most)
            return;
        Rows coarse;
        for (const auto& [key, amount] : rows_)
            coarse[{calendar.begin(tier, key.minute), key.series}] += amount;
        rows_ = std::move(coarse);
    }
}

void Pending::clear() {
    rows_.clear();
    gaps.clear();
}

} // namespace sockledger
