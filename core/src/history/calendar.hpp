// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

/// Minutes, hours, days, months and years of the daemon's local time, as intervals of UTC.
namespace sockledger {

/// How long the intervals of a tier are, from fine to coarse. Each interval lies in one of the next tier.
enum class Tier : std::uint8_t { Second, Minute, Hour, Day, Month, Year };

/// The tiers that are on disk; Second is in memory.
inline constexpr std::array stored_tiers{Tier::Minute, Tier::Hour, Tier::Day, Tier::Month, Tier::Year};

constexpr Tier coarser(Tier tier) {
    return static_cast<Tier>(static_cast<int>(tier) + 1);
}
constexpr Tier finer(Tier tier) {
    return static_cast<Tier>(static_cast<int>(tier) - 1);
}

/// What to add to UTC for local time, according to the C library. Threads: any.
std::chrono::seconds local_offset(std::chrono::seconds time);

/// The local time that a machine lived in. What it lived is kept as a list, because the C library knows
/// the present zone alone: after a journey the days of last month must stay where they were, or the tiers
/// would no longer agree about what belongs to which day.
///
/// An hour ends where the offset changes; a day, month or year goes on as long as the clock on the wall
/// shows the same one, so days may have 23 or 25 hours.
/// Threads: const functions any, others one at a time.
class Calendar {
public:
    using OffsetAt = std::chrono::seconds (*)(std::chrono::seconds);

    struct Offset {
        std::chrono::seconds since{};
        std::chrono::seconds offset{};
        bool operator==(const Offset&) const = default;
    };

    /// No time before this one is believed: a machine without a battery wakes up in 1970.
    static constexpr std::chrono::seconds first_time{1'577'836'800}; // 2020-01-01

    /// `lived` is what an earlier calendar had, valid up to `until`; from there on ask `offset_at`.
    explicit Calendar(std::vector<Offset> lived = {}, std::chrono::seconds until = first_time,
                      OffsetAt offset_at = local_offset);

    /// Learns the offsets up to a bit after `time`, unless it knows them.
    void extend(std::chrono::seconds time);

    /// In order of time; the first one stands for everything before it too.
    const std::vector<Offset>& offsets() const { return offsets_; }
    std::chrono::seconds offset(std::chrono::seconds time) const;
    /// Every offset is a number of whole hours, so that hours are those of UTC.
    bool whole_hours() const;

    /// When the interval that holds `time` begins.
    std::chrono::seconds begin(Tier tier, std::chrono::seconds time) const;
    /// When the one after it begins.
    std::chrono::seconds next(Tier tier, std::chrono::seconds time) const;

private:
    std::size_t segment(std::chrono::seconds time) const;

    std::vector<Offset> offsets_;
    std::chrono::seconds until_;
    OffsetAt offset_at_;
};

} // namespace sockledger
