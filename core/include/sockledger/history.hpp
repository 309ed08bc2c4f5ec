// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Questions about the past and their answers. Passive data. Times are seconds of CLOCK_REALTIME since
/// the epoch; hours, days and months are those of the daemon's time zone. Bytes are wire bytes.
/// Threads: any.

namespace sockledger {

/// An app id that history uses for what is no application: what a device counted and no socket did.
/// Below zero where the kernel dropped packets between the socket and the device.
inline constexpr std::string_view unattributed_app = "unattributed";

/// Where traffic is booked that belongs to no interface of the daemon's network namespace, nor to one of a
/// namespace that has a name: that is booked under "NAME/eth0". Never in a total: what of it leaves the
/// machine is counted on the interface that it leaves by.
inline constexpr std::string_view other_namespaces = "(other namespaces)";
/// Where traffic is booked whose interface is not known (the tiers below exact). Never in a total.
inline constexpr std::string_view unknown_interface = "(unknown)";

/// From `from` up to, and not including, `to`.
struct TimeWindow {
    std::chrono::seconds from{};
    std::chrono::seconds to{};
    bool operator==(const TimeWindow&) const = default;
};

/// How the answer is cut along time.
struct UsageBucket {
    enum class Unit : std::uint8_t {
        Whole,   ///< one row for the window
        Seconds, ///< `width` seconds, at multiples of it since the epoch
        Hour,    ///< local hours
        Day,     ///< local days
        Month,   ///< local calendar months
    };
    Unit unit = Unit::Whole;
    std::chrono::seconds width{60}; ///< Seconds only; at least 1
    bool operator==(const UsageBucket&) const = default;
};

enum class UsageGroup : std::uint8_t {
    Total, ///< nothing but time
    App,   ///< with "kernel" and unattributed_app as apps
    Interface,
    AppInterface, ///< both
};

struct UsageQuery {
    TimeWindow window;
    UsageBucket bucket;
    UsageGroup group = UsageGroup::App;
    std::optional<AppId> app;             ///< only this one
    std::optional<std::string> interface; ///< only the one of this name, whether in the total or not
    bool operator==(const UsageQuery&) const = default;
};

struct UsageRow {
    TimeWindow window;     ///< the bucket, cut to what the answer covers
    AppId app;             ///< empty unless grouped by app
    std::string name;      ///< the app's name for people
    std::string icon;      ///< freedesktop icon name, may be empty
    std::string interface; ///< empty unless grouped by interface
    std::int64_t rx_bytes = 0;
    std::int64_t tx_bytes = 0;
    Accuracy accuracy = Accuracy::Exact; ///< the worst of what was added up
    bool operator==(const UsageRow&) const = default;
};

/// A time in which nobody recorded. What the interface moved meanwhile is known from the kernel's
/// counters, and booked as unattributed at its end.
struct UsageGap {
    TimeWindow window;
    std::string interface;
    std::int64_t rx_bytes = 0;
    std::int64_t tx_bytes = 0;
    bool operator==(const UsageGap&) const = default;
};

struct Usage {
    /// What the rows cover. Wider than asked for where only coarser intervals are kept (see `step`).
    TimeWindow window;
    /// The coarsest interval that had to be cut open at an end of the window and could not be: 0 when
    /// the window is covered to the second.
    std::chrono::seconds step{};
    /// In order of time, then of app, then of interface; no row for nothing.
    std::vector<UsageRow> rows;
    /// What the interfaces moved in the window. Without a filter by app this is the sum of the rows.
    std::int64_t rx_bytes = 0;
    std::int64_t tx_bytes = 0;
    std::vector<UsageGap> gaps; ///< that end within the window
    bool operator==(const Usage&) const = default;
};

/// An interface that history knows, present or not.
struct KnownInterface {
    std::string name;
    bool present = false;                          ///< the machine has it now
    bool monitored = false;                        ///< it is being recorded
    bool counted = false;                          ///< it is part of the machine's total now
    std::optional<std::chrono::seconds> last_seen; ///< last recorded traffic; absent: none yet
    bool operator==(const KnownInterface&) const = default;
};

/// What the recorder has to say of itself.
struct HistoryStatus {
    bool recording = false;
    std::string detail; ///< one sentence for a person: where it is, or what is wrong and since when
    std::string path;   ///< of the database
    std::uint64_t size_bytes = 0;
    std::uint64_t waiting = 0;                  ///< rows in memory that could not be written yet
    std::optional<std::chrono::seconds> oldest; ///< the first interval that is kept
    bool operator==(const HistoryStatus&) const = default;
};

/// Windows that people name, in local time. `now` is CLOCK_REALTIME.
TimeWindow last(std::chrono::seconds duration, std::chrono::seconds now);
TimeWindow today(std::chrono::seconds now);
TimeWindow this_month(std::chrono::seconds now);
/// The billing cycle that begins on day 1 to 31 of a month; in a shorter month, on its last day.
TimeWindow this_cycle(int day, std::chrono::seconds now);

/// "whole", "seconds", "hour", "day", "month".
std::string_view to_string(UsageBucket::Unit);
/// "total", "app", "interface", "app_interface".
std::string_view to_string(UsageGroup);

} // namespace sockledger
