// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/meter.hpp"

#include "engine/rates.hpp"

#include <bit>

namespace sockledger {

void Meter::add(const Amount& step, Accuracy how) {
    counted_ += step;
    if (step != Amount{}) {
        accuracy_ = worst(accuracy_, how);
    }
}

Amount Meter::totals() const {
    return {{traffic_.rx_bytes, traffic_.rx_packets}, {traffic_.tx_bytes, traffic_.tx_packets}};
}

// Not before the end of the sample: of two rows of one application, the one that receives bytes may come
// before the one that gives them up.
void Meter::settle() {
    const auto not_negative = [](const Flow& flow) {
        return Flow{std::bit_cast<std::int64_t>(flow.bytes) < 0 ? 0 : flow.bytes,
                    std::bit_cast<std::int64_t>(flow.packets) < 0 ? 0 : flow.packets};
    };
    raise_to({not_negative(counted_.rx), not_negative(counted_.tx)});
}

void Meter::raise_to(const Amount& totals) {
    traffic_.rx_bytes = std::max(traffic_.rx_bytes, totals.rx.bytes);
    traffic_.tx_bytes = std::max(traffic_.tx_bytes, totals.tx.bytes);
    traffic_.rx_packets = std::max(traffic_.rx_packets, totals.rx.packets);
    traffic_.tx_packets = std::max(traffic_.tx_packets, totals.tx.packets);
}

void Meter::close(std::chrono::nanoseconds interval) {
    settle();
    traffic_.rx_rate = rate(rx_before_, traffic_.rx_bytes, interval);
    traffic_.tx_rate = rate(tx_before_, traffic_.tx_bytes, interval);
    rx_before_ = traffic_.rx_bytes;
    tx_before_ = traffic_.tx_bytes;
}

void Meter::skip() {
    settle();
    traffic_.rx_rate = traffic_.tx_rate = std::nullopt;
    rx_before_ = tx_before_ = std::nullopt;
}

Traffic Meter::traffic(Accuracy now) const {
    Traffic traffic = traffic_;
    traffic.accuracy = worst(accuracy_, now);
    return traffic;
}

} // namespace sockledger
