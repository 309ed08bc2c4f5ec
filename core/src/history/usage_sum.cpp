// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/usage_sum.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace sockledger {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Tier tier_of(UsageBucket::Unit unit) {
    return unit == UsageBucket::Unit::Hour  ? Tier::Hour
           : unit == UsageBucket::Unit::Day ? Tier::Day
                                            : Tier::Month;
}

/// The order of the names that occur, so that an answer of many rows compares numbers.
class Ranks {
public:
    explicit Ranks(std::size_t size) : ranks_(size, absent) {}
    void add(std::uint32_t index) {
        if (std::exchange(ranks_[index], 0) == absent)
            found_.push_back(index);
    }
    template<typename NameOf>
    void sort(NameOf name_of) {
        std::ranges::sort(found_, {}, name_of);
        for (std::uint32_t rank = 0; rank < found_.size(); ++rank)
            ranks_[found_[rank]] = rank;
    }
    std::uint32_t of(std::uint32_t index) const { return ranks_.empty() ? 0 : ranks_[index]; }

private:
    static constexpr std::uint32_t absent = ~0u;
    std::vector<std::uint32_t> ranks_;
    std::vector<std::uint32_t> found_;
};

} // namespace

std::size_t hash_value(const UsageSum::Key& key) {
    std::size_t seed = key.bucket;
    boost::hash_combine(seed, std::uint64_t(key.series.app) << 32 | key.series.interface);
    return seed;
}

UsageSum::UsageSum(const UsageQuery& query, const UsagePlan& plan, const Calendar& calendar,
                   const Catalog& catalog)
    : query_(query)
    , plan_(plan)
    , calendar_(calendar)
    , catalog_(catalog)
    , by_app_(query.group == UsageGroup::App || query.group == UsageGroup::AppInterface)
    , by_interface_(query.group == UsageGroup::Interface || query.group == UsageGroup::AppInterface) {
    std::unordered_map<std::string_view, std::uint32_t> names;
    for (const auto& [key, last_seen, row, changed] : catalog.interfaces()) {
        wanted_.push_back(query.interface ? key.name == *query.interface : key.counted);
        same_name_.push_back(names.try_emplace(key.name, same_name_.size()).first->second);
    }
}

TimeWindow UsageSum::bucket_of(Tier tier, seconds start) const {
    constexpr std::array<seconds, 6> lengths{seconds(1), minutes(1), hours(1), days(1), days(28), days(365)};
    switch (query_.bucket.unit) {
    case UsageBucket::Unit::Whole:
        return {since_ever, for_ever};
    case UsageBucket::Unit::Seconds:
        if (const seconds width = query_.bucket.width; lengths[static_cast<std::size_t>(tier)] <= width) {
            const seconds begin = start - start % width;
            return {begin, begin + width};
        }
        break;
    default:
        tier = std::max(tier, tier_of(query_.bucket.unit));
    }
    // Where intervals are kept that are longer than the buckets, they are the buckets
    return {calendar_.begin(tier, start), calendar_.next(tier, start)};
}

bool UsageSum::add(Tier tier, seconds start, Series series, const UsageAmount& amount) {
    if (buckets_.empty() || start < buckets_[bucket_].from || start >= buckets_[bucket_].to) {
        const TimeWindow bucket = bucket_of(tier, start);
        const auto [at, added] =
            bucket_numbers_.try_emplace(bucket.from, static_cast<std::uint32_t>(buckets_.size()));
        if (added)
            buckets_.push_back(bucket);
        bucket_ = at->second;
    }
    const Key key{bucket_, {by_app_ ? series.app : 0, by_interface_ ? same_name_[series.interface] : 0}};
    if (!last_sum_ || key != last_key_) {
        last_key_ = key;
        last_sum_ = &sums_[key];
    }
    *last_sum_ += amount;
    return sums_.size() <= most_rows;
}

std::vector<UsageRow> UsageSum::rows() const {
    struct Sum {
        seconds time;
        std::uint32_t app;
        std::uint32_t interface;
        const Key* key;
        const UsageAmount* amount;
    };
    Ranks apps(catalog_.apps().size());
    Ranks interfaces(catalog_.interfaces().size());
    std::vector<Sum> sums;
    sums.reserve(sums_.size());
    for (const auto& [key, amount] : sums_) {
        if (amount.rx == 0 && amount.tx == 0)
            continue;
        if (by_app_)
            apps.add(key.series.app);
        if (by_interface_)
            interfaces.add(key.series.interface);
        sums.push_back({buckets_[key.bucket].from, 0, 0, &key, &amount});
    }
    apps.sort([&](std::uint32_t app) { return std::string_view(catalog_.apps()[app].id); });
    interfaces.sort([&](std::uint32_t at) { return std::string_view(catalog_.interfaces()[at].key.name); });
    for (Sum& sum : sums) {
        sum.app = apps.of(sum.key->series.app);
        sum.interface = interfaces.of(sum.key->series.interface);
    }
    std::sort(sums.begin(), sums.end(), [](const Sum& a, const Sum& b) {
        return std::tie(a.time, a.app, a.interface) < std::tie(b.time, b.app, b.interface);
    });
    std::vector<UsageRow> rows;
    rows.reserve(sums.size());
    for (const Sum& sum : sums) {
        const TimeWindow& bucket = buckets_[sum.key->bucket];
        UsageRow row;
        row.window = {std::max(bucket.from, plan_.window.from), std::min(bucket.to, plan_.window.to)};
        if (by_app_) {
            const Catalog::App& app = catalog_.apps()[sum.key->series.app];
            row.app = app.id;
            row.name = app.name;
            row.icon = app.icon;
        }
        if (by_interface_)
            row.interface = catalog_.interfaces()[sum.key->series.interface].key.name;
        row.rx_bytes = sum.amount->rx;
        row.tx_bytes = sum.amount->tx;
        row.accuracy = sum.amount->accuracy;
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace sockledger
