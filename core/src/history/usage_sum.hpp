// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/calendar.hpp"
#include "history/catalog.hpp"
#include "history/usage_plan.hpp"

#include <sockledger/history.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <map>
#include <optional>
#include <vector>

namespace sockledger {

/// Adds up intervals by bucket, app and interface. Threads: one at a time.
class UsageSum {
public:
    static constexpr std::size_t most_rows = 100'000;

    /// Everything must outlive this.
    UsageSum(const UsageQuery& query, const UsagePlan& plan, const Calendar& calendar,
             const Catalog& catalog);

    /// Whether the question is about this interface.
    bool wants(std::uint32_t interface) const { return wanted_[interface]; }
    /// An interval of a wanted interface, or a part of one, that belongs to a segment of that tier. False:
    /// there are too many rows.
    bool add(Tier tier, std::chrono::seconds start, Series series, const UsageAmount& amount);
    std::vector<UsageRow> rows() const;

private:
    struct Key {
        std::uint32_t bucket;
        Series series;
        bool operator==(const Key&) const = default;
    };
    friend std::size_t hash_value(const Key& key);
    TimeWindow bucket_of(Tier tier, std::chrono::seconds start) const;

    const UsageQuery& query_;
    const UsagePlan& plan_;
    const Calendar& calendar_;
    const Catalog& catalog_;
    bool by_app_;
    bool by_interface_;
    std::vector<bool> wanted_;
    std::vector<std::uint32_t> same_name_; ///< by interface: the first of its name
    std::map<std::chrono::seconds, std::uint32_t> bucket_numbers_;
    std::vector<TimeWindow> buckets_;
    std::uint32_t bucket_ = 0; ///< the last one
    boost::unordered_flat_map<Key, UsageAmount> sums_;
    // Rows come in the order of their keys, so the next one is often added to the same sum
    Key last_key_{};
    UsageAmount* last_sum_ = nullptr;
};

} // namespace sockledger
