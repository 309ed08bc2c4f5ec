// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// What one sample adds to history: made by the Recorder from Snapshots, booked by the Store.
namespace sockledger {

/// An interface as history keeps it apart: the same name counts in the machine's total at some times
/// and not at others.
struct HistoryInterface {
    std::string name;
    bool counted = false; ///< part of the machine's total
    auto operator<=>(const HistoryInterface&) const = default;
};

/// A part of the books of one interface. Amounts are signed: what moves from one app to another, or
/// turns out to have been dropped before the device, is taken back.
struct UsagePart {
    HistoryInterface interface;
    AppId app; ///< an app, "kernel" or unattributed_app
    std::string name;
    std::string icon;
    std::int64_t rx_bytes = 0;
    std::int64_t tx_bytes = 0;
    Accuracy accuracy = Accuracy::Exact;
    bool operator==(const UsagePart&) const = default;
};

/// How far the kernel's own counters of a device had come, and what of it was not booked yet.
struct Checkpoint {
    std::string interface; ///< name
    InterfaceId id;
    std::string boot_id; ///< /proc/sys/kernel/random/boot_id
    bool counted = false;
    std::uint64_t rx_bytes = 0; ///< IFLA_STATS64.rx_bytes
    std::uint64_t tx_bytes = 0;
    std::int64_t rx_unbooked = 0; ///< counted by the device, in no part yet; below zero: the other way round
    std::int64_t tx_unbooked = 0;
    std::chrono::seconds time{}; ///< CLOCK_REALTIME
    bool operator==(const Checkpoint&) const = default;
};

struct Increment {
    std::chrono::seconds time{}; ///< CLOCK_REALTIME: the second that it is booked in
    std::vector<UsagePart> parts;
    std::vector<Checkpoint> checkpoints; ///< of every interface that is present
    std::vector<UsageGap> gaps;          ///< that ended with this sample; their bytes are in `parts` too
    bool operator==(const Increment&) const = default;
};

} // namespace sockledger
