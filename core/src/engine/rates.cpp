// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/rates.hpp"

namespace sockledger {

std::optional<double> rate(std::optional<std::uint64_t> before, std::uint64_t now,
                           std::chrono::nanoseconds interval) {
    if (!before || now < *before || interval.count() <= 0) {
        return std::nullopt;
    }
    return static_cast<double>(now - *before) / std::chrono::duration<double>(interval).count();
}

CounterStep counter_step(std::uint64_t before, std::uint64_t now) {
    constexpr std::uint64_t range = std::uint64_t{1} << 32;
    if (now >= before) {
        return {now - before, false};
    }
    if (before < range && before >= range / 4 * 3 && now < range / 4) {
        return {range - before + now, false};
    }
    return {0, true};
}

} // namespace sockledger
