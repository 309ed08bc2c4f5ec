// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/direction_book.hpp"

namespace sockledger {

namespace {

// Less than the rows by more than half of what segmentation added to them. Packets say it better than
// bytes: some devices leave out a header, none leaves out a packet.
bool clearly_less(const Flow& device, const Flow& rows, const Flow& segments) {
    return segments.packets > 0 && 2 * device.packets + segments.packets < 2 * rows.packets;
}

std::uint64_t excess(std::uint64_t large, std::uint64_t small) {
    return large > small ? large - small : 0;
}

std::uint64_t positive(std::int64_t value) {
    return value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

} // namespace

Flow DirectionBook::counted() const {
    return misses_segments_ ? device_ + segments_ : device_;
}

void DirectionBook::begin_anew() {
    const Flow known = counted();
    device_ += {excess(rows_.bytes, known.bytes), excess(rows_.packets, known.packets)};
}

void DirectionBook::begin() {
    begin_anew();
    segments_ = {};
    rows_before_ = rows_;
    just_begun_ = true;
}

DirectionBook::Remainder DirectionBook::remainder() const {
    return {static_cast<std::int64_t>(total_.bytes - rows_.bytes),
            static_cast<std::int64_t>(total_.packets - rows_.packets)};
}

// A packet that the device has counted and its socket has not met yet looks like one without a socket.
// It must not be booked for good, so a remainder counts when it was there at two samples in a row.
void DirectionBook::book(const Remainder& now) {
    const Remainder settled = remainder_before_ ? Remainder{std::min(remainder_before_->bytes, now.bytes),
                                                            std::min(remainder_before_->packets, now.packets)}
                                                : now;
    unattributed_ = larger(unattributed_, {positive(settled.bytes), positive(settled.packets)});
}

bool DirectionBook::close_total() {
    // Rows of the sample before have had a whole interval to reach the device: falling short of them
    // is proof. Falling short of the rows of now may be packets in flight, and is a guess until then.
    proved_ = proved_ || clearly_less(device_, rows_before_, segments_before_);
    const bool misses = proved_ || clearly_less(device_, rows_, segments_);
    const bool corrected = misses != misses_segments_ && segments_before_ != Flow{};
    misses_segments_ = misses;
    total_ = larger(total_, counted());
    rows_before_ = rows_;
    segments_before_ = segments_;
    return corrected;
}

void DirectionBook::close_rest(Rows rows) {
    if (rows == Rows::Old) {
        return;
    }
    const bool compare = rows != Rows::Unread && !just_begun_;
    if (rows == Rows::Shared || !compare) {
        remainder_before_.reset();
    }
    if (compare) {
        const Remainder now = remainder();
        book(now);
        remainder_before_ = now;
    }
    just_begun_ = false;
}

} // namespace sockledger
