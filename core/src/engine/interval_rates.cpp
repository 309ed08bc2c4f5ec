// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/interval_rates.hpp"

#include "engine/rates.hpp"

#include <vector>

namespace sockledger {

namespace {

/// Sets the rates of what one Snapshot shows from what an earlier one showed.
class IntervalRates {
public:
    IntervalRates(std::chrono::nanoseconds interval, const Snapshot& before)
        : interval_(interval), has_apps_(!before.apps.empty()) {}

    void set(Traffic& now, const Traffic* before) const {
        const bool comparable =
            before && now.accuracy != Accuracy::Unavailable && before->accuracy == now.accuracy;
        const auto known = [&](std::uint64_t Traffic::*total) {
            return comparable ? std::optional(before->*total) : std::nullopt;
        };
        now.rx_rate = rate(known(&Traffic::rx_bytes), now.rx_bytes, interval_);
        now.tx_rate = rate(known(&Traffic::tx_bytes), now.tx_bytes, interval_);
    }
    void set(Interface& now, const Interface* before) const {
        for (const auto part :
             {&Interface::total, &Interface::apps, &Interface::kernel, &Interface::unattributed})
            set(now.*part, before ? &(before->*part) : nullptr);
    }
    void set(App& now, const App* before) const {
        set_or_from_zero(now.traffic, before ? &before->traffic : nullptr);
        set_or_from_zero(now.loopback, before ? &before->loopback : nullptr);
        for (auto& [id, traffic] : now.by_interface) {
            const Traffic* part = nullptr;
            if (before)
                if (const auto found = before->by_interface.find(id); found != before->by_interface.end())
                    part = &found->second;
            set_or_from_zero(traffic, part);
        }
    }
    void set(Process& now, const Process* before) const {
        set_or_from_zero(now.traffic, before ? &before->traffic : nullptr);
        set_or_from_zero(now.loopback, before ? &before->loopback : nullptr);
    }
    void set(Connection& now, const Connection* before) const {
        set(now.traffic, before ? &before->traffic : nullptr);
    }

    /// Both sorted by id.
    template<typename Row>
    void set(std::vector<Row>& now, const std::vector<Row>& before) const {
        auto old = before.begin();
        for (Row& row : now) {
            while (old != before.end() && old->id < row.id)
                ++old;
            set(row, old != before.end() && old->id == row.id ? &*old : nullptr);
        }
    }

private:
    /// Who is new had moved nothing, in the same tier.
    void set_or_from_zero(Traffic& now, const Traffic* before) const {
        Traffic zero;
        zero.accuracy = now.accuracy;
        set(now, before || !has_apps_ ? before : &zero);
    }

    std::chrono::nanoseconds interval_;
    bool has_apps_; // else the client did not ask for them before
};

} // namespace

SnapshotPtr with_rates_since(const SnapshotPtr& now, const SnapshotPtr& before) {
    if (!before || now->sequence <= before->sequence + 1)
        return now;
    auto made = std::make_shared<Snapshot>(*now);
    made->interval = now->time.boottime - before->time.boottime;
    const IntervalRates rates(made->interval, *before);
    rates.set(made->interfaces, before->interfaces);
    rates.set(made->apps, before->apps);
    rates.set(made->processes, before->processes);
    rates.set(made->connections, before->connections);
    rates.set(made->total, &before->total);
    return made;
}

} // namespace sockledger
