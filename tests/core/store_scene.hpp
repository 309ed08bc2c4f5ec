// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/store.hpp"

#include <QTest>

#include <chrono>
#include <memory>
#include <string>

/// What tests of the history store share.
namespace sockledger::test {

inline constexpr std::chrono::seconds noon_of_june_1{1'780'315'200}; // 2026-06-01 12:00 UTC

inline UsagePart part(const std::string& app, std::int64_t rx, std::int64_t tx,
                      const std::string& interface = "eth0", bool counted = true,
                      Accuracy accuracy = Accuracy::Exact) {
    return {{interface, counted}, app, "Name of " + app, "icon-" + app, rx, tx, accuracy};
}

inline Increment increment(std::chrono::seconds time, std::vector<UsagePart> parts) {
    Increment made;
    made.time = time;
    made.parts = std::move(parts);
    return made;
}

inline Checkpoint checkpoint(std::uint64_t rx, std::uint64_t tx, std::chrono::seconds time = noon_of_june_1) {
    Checkpoint made;
    made.interface = "eth0";
    made.id = {4026531840u, 2};
    made.boot_id = "5bd6f3a4";
    made.counted = true;
    made.rx_bytes = rx;
    made.tx_bytes = tx;
    made.time = time;
    return made;
}

inline std::unique_ptr<Store> open_store(const StoreOptions& options) {
    Result<std::unique_ptr<Store>> store = Store::open(options);
    if (!store)
        qFatal("%s", store.error().message.c_str());
    return std::move(*store);
}

/// What a question is expected to be answered.
inline Usage ask(Store& store, const UsageQuery& query) {
    Result<Usage> usage = store.usage(query);
    if (!usage)
        qFatal("%s", usage.error().message.c_str());
    return std::move(*usage);
}

inline UsageQuery question(std::chrono::seconds from, std::chrono::seconds to,
                           UsageGroup group = UsageGroup::Total,
                           UsageBucket::Unit unit = UsageBucket::Unit::Whole,
                           std::chrono::seconds width = std::chrono::seconds(60)) {
    return {{from, to}, {unit, width}, group, std::nullopt, std::nullopt};
}

} // namespace sockledger::test
