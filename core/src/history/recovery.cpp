// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/recovery.hpp"

#include <algorithm>

namespace sockledger {

namespace {

std::int64_t moved(std::uint64_t before, std::uint64_t now, std::int64_t unbooked) {
    return static_cast<std::int64_t>(now >= before ? now - before : now) + unbooked;
}

} // namespace

std::optional<UsageGap> recover_gap(std::span<const Checkpoint> checkpoints, const Interface& interface,
                                    const std::string& boot_id, std::chrono::seconds now) {
    const auto newest = std::ranges::max_element(checkpoints, {}, &Checkpoint::time);
    if (newest == checkpoints.end())
        return std::nullopt;
    UsageGap gap{{newest->time, now}, interface.name, 0, 0};
    const bool same_boot = newest->boot_id == boot_id;
    if (same_boot && newest->id.netns != interface.id.netns)
        return std::nullopt;
    const auto same_device = std::ranges::find_if(checkpoints, [&](const Checkpoint& checkpoint) {
        return checkpoint.boot_id == boot_id && checkpoint.id == interface.id &&
               checkpoint.interface == interface.name;
    });
    if (same_device != checkpoints.end()) {
        gap.window.from = same_device->time;
        gap.rx_bytes = moved(same_device->rx_bytes, interface.device_rx_bytes, same_device->rx_unbooked);
        gap.tx_bytes = moved(same_device->tx_bytes, interface.device_tx_bytes, same_device->tx_unbooked);
    } else if (!same_boot || interface.kind != InterfaceKind::Physical) {
        gap.rx_bytes = static_cast<std::int64_t>(interface.device_rx_bytes);
        gap.tx_bytes = static_cast<std::int64_t>(interface.device_tx_bytes);
    }
    if (gap.rx_bytes == 0 && gap.tx_bytes == 0)
        return std::nullopt;
    // A clock that was set back does not turn time around.
    gap.window.from = std::min(gap.window.from, now);
    return gap;
}

} // namespace sockledger
