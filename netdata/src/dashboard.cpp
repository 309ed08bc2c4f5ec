// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "dashboard.hpp"

#include "engine_charts.hpp"

#include <chrono>
#include <vector>

namespace sockledger::netdata {

namespace {

std::chrono::seconds date(const Instant& time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.realtime);
}

} // namespace

Dashboard::Dashboard(const Settings& settings)
    : apps_(settings), interfaces_(settings), book_(settings.update_every) {}

std::string Dashboard::show(const Snapshot& snapshot) {
    std::vector<Chart> charts;
    add_engine_charts(charts, snapshot);
    apps_.add(charts, snapshot);
    interfaces_.add(charts, snapshot);
    const bool first = shown_.boottime.count() == 0;
    const auto elapsed = first ? std::chrono::nanoseconds(0) : snapshot.time.boottime - shown_.boottime;
    shown_ = snapshot.time;
    return book_.update(charts, std::chrono::duration_cast<std::chrono::microseconds>(elapsed), date(shown_));
}

std::string Dashboard::save() const {
    return book_.save(date(shown_));
}

} // namespace sockledger::netdata
