// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/meter.hpp"

#include <cstdint>
#include <optional>

namespace sockledger {

/// The books of one direction of an interface: what the device counted against what the rows of the
/// packet counter say, both in wire bytes since the engine opened.
///
/// *Segments.* Some devices count a packet of many segments as one packet with one header (veth,
/// loopback, bridge, virtio with offloads), some count what is on the wire (most hardware, and any
/// device whose offloads are off). No attribute tells them apart, but the rows do: they count every
/// segment, so a device that shows clearly less has not seen the segments, and what segmentation
/// added to the rows is added to its total. Otherwise its own counter is the total.
class DirectionBook {
public:
    /// The device's counter moved.
    void count_device(const Flow& step) { device_ += step; }
    /// A row moved by `wire`, of which only segmentation made `segments`.
    void count_row(const Flow& wire, const Flow& segments) {
        rows_ += wire;
        segments_ += segments;
    }

    /// The device's first reading: what the rows counted until now passed the device before it.
    void begin();
    /// The device began anew and what it had counted last is lost; the rows know at least their part.
    void begin_anew();

    /// Settles the total of a sample in which the device was read. True when it had to be corrected for
    /// the past, so that its step is no measure of this interval.
    bool close_total();

    /// What the rows of a sample are.
    enum class Rows {
        Unread,
        Old,    ///< not due: compared with the device when they are read again
        Read,   ///< packets may be on their way between the device and them
        Shared, ///< made of what the device has counted: nothing is on its way
    };
    /// Settles the rest, after close_total().
    void close_rest(Rows rows);

    const Flow& total() const { return total_; }
    const Flow& unattributed() const { return unattributed_; }

private:
    struct Remainder {
        std::int64_t bytes = 0;
        std::int64_t packets = 0;
    };
    Remainder remainder() const;
    void book(const Remainder& now);
    Flow counted() const;

    Flow device_;
    Flow rows_;
    Flow segments_;
    Flow rows_before_; // at the last close()
    Flow segments_before_;
    bool misses_segments_ = false;
    bool proved_ = false;
    bool just_begun_ = false;
    std::optional<Remainder> remainder_before_;
    Flow total_;
    Flow unattributed_;
};

} // namespace sockledger
