// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/recent.hpp"

#include <algorithm>

namespace sockledger {

void Recent::add(const Row& row) {
    if (!complete_since_)
        complete_since_ = row.time;
    rows_.push_back(row);
}

void Recent::trim(std::chrono::seconds oldest, std::size_t most) {
    while (!rows_.empty() && (rows_.size() > most || rows_.front().time < oldest)) {
        complete_since_ = std::max(*complete_since_, rows_.front().time + std::chrono::seconds(1));
        rows_.pop_front();
    }
}

} // namespace sockledger
