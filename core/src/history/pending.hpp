// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/amount.hpp"
#include "history/calendar.hpp"
#include "history/increment.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace sockledger {

/// What is not in the database yet. Threads: one at a time.
class Pending {
public:
    struct Key {
        std::chrono::seconds minute{};
        Series series;
        auto operator<=>(const Key&) const = default;
    };
    using Rows = std::map<Key, UsageAmount>;

    void add(std::chrono::seconds time, Series series, const UsageAmount& amount);
    /// What a machine moved before it knew what time it is; until take_undated().
    void add_undated(Series series, const UsageAmount& amount) { undated_[series] += amount; }
    std::map<Series, UsageAmount> take_undated() { return std::exchange(undated_, {}); }

    /// Gives up the minutes of old rows when there are more than `most`, and then their hours, ...: no
    /// byte is lost, and memory stays bounded while nothing can be written.
    void coalesce(const Calendar& calendar, std::size_t most);

    const Rows& rows() const { return rows_; }
    std::size_t size() const { return rows_.size() + undated_.size(); }
    bool empty() const { return rows_.empty() && gaps.empty(); }
    void clear();

    std::vector<UsageGap> gaps;

private:
    Rows rows_;
    std::map<Series, UsageAmount> undated_;
};

} // namespace sockledger
