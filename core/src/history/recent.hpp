// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/amount.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>

namespace sockledger {

/// The tier of seconds: in memory, for the last hour. Threads: one at a time.
class Recent {
public:
    struct Row {
        std::chrono::seconds time{};
        Series series;
        UsageAmount amount;
    };

    /// Samples of the same second become one row.
    void add(const Row& row);
    /// Drops what is older than `oldest`, and the oldest rows beyond `most`.
    void trim(std::chrono::seconds oldest, std::size_t most);

    /// From here on every row is there. Absent: there is none.
    std::optional<std::chrono::seconds> complete_since() const { return complete_since_; }
    /// In the order in which they came, which is not that of time when the clock was set back.
    const std::deque<Row>& rows() const { return rows_; }

private:
    std::deque<Row> rows_;
    std::size_t dropped_ = 0; ///< from the front, ever
    std::chrono::seconds last_time_{};
    std::map<Series, std::size_t> of_last_time_; ///< row numbers, counted with those that were dropped
    std::optional<std::chrono::seconds> complete_since_;
};

} // namespace sockledger
