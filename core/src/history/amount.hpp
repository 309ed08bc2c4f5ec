// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>

namespace sockledger {

struct UsageAmount {
    std::int64_t rx = 0;
    std::int64_t tx = 0;
    Accuracy accuracy = Accuracy::Exact;

    UsageAmount& operator+=(const UsageAmount& other) {
        rx += other.rx;
        tx += other.tx;
        accuracy = worst(accuracy, other.accuracy);
        return *this;
    }
};

/// An app on an interface, by their numbers in the Catalog.
struct Series {
    std::uint32_t app = 0;
    std::uint32_t interface = 0;
    auto operator<=>(const Series&) const = default;
};

/// For each tier the time from which on it has everything; before that only coarser ones have.
using Horizons = std::array<std::chrono::seconds, 6>;

} // namespace sockledger
