// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/traffic.hpp"

#include "kernel/traffic_slots.hpp"

#include <optional>

namespace sockledger {

namespace {

class TrafficSource : public Source {
public:
    explicit TrafficSource(Result<std::shared_ptr<BpfPrograms>> programs) : programs_(std::move(programs)) {
        if (programs_)
            slots_.emplace(**programs_);
    }

    SourceStatus read(Readings& readings) override {
        SourceStatus status;
        status.name = "traffic";
        if (!slots_) {
            status.detail = programs_.error().message;
            return status;
        }
        slots_->set_mtus(readings.links);
        auto done = slots_->read(readings.traffic);
        status.lost_bytes = slots_->lost_bytes();
        status.lost_events = slots_->lost_events();
        if (!done) {
            readings.traffic = {};
            status.detail = done.error().message;
            return status;
        }
        status.accuracy = status.lost_bytes == 0 ? Accuracy::Exact : Accuracy::Partial;
        status.detail = "every packet of every socket, counted in the kernel (BPF)";
        if (status.lost_bytes != 0)
            status.detail += "; more processes than the tables hold: " + std::to_string(status.lost_bytes) +
                             " bytes found no room and are unattributed";
        for (const std::string& what : (*programs_)->not_seen())
            status.detail += "; not seen on this kernel: " + what;
        return status;
    }

private:
    Result<std::shared_ptr<BpfPrograms>> programs_;
    std::optional<TrafficSlots> slots_;
};

} // namespace

std::unique_ptr<Source> make_traffic_source(Result<std::shared_ptr<BpfPrograms>> programs) {
    return std::make_unique<TrafficSource>(std::move(programs));
}

} // namespace sockledger
