// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/recent.hpp"

#include <algorithm>

namespace sockledger {

void Recent::add(const Row& row) {
    if (!complete_since_)
        complete_since_ = row.time;
    if (row.time != last_time_)
        of_last_time_.clear();
    last_time_ = row.time;
    const std::size_t next = dropped_ + rows_.size();
    std::size_t& number = of_last_time_.try_emplace(row.series, next).first->second;
    if (number < next && number >= dropped_) {
        rows_[number - dropped_].amount += row.amount;
    } else {
        number = next;
        rows_.push_back(row);
    }
}

void Recent::trim(std::chrono::seconds oldest, std::size_t most) {
    while (!rows_.empty() && (rows_.size() > most || rows_.front().time < oldest)) {
        // Not beyond the present: a clock that was ahead must not hide the seconds to come
        const std::chrono::seconds gone = std::min(rows_.front().time, last_time_);
        complete_since_ = std::max(*complete_since_, gone + std::chrono::seconds(1));
        rows_.pop_front();
        ++dropped_;
    }
}

} // namespace sockledger
