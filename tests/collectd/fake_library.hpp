// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/sockledger.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace sockledger::testing {

/// What the functions of the C ABI give in this program: a machine as a test wants it. It stands in for the
/// library, so that nothing of the kernel is needed.
struct FakeLibrary {
    bool opens = true;   ///< the feed
    bool samples = true; ///< else sample() fails
    std::string error = "nobody answers";
    sockledger_snapshot_info info{};
    std::vector<sockledger_interface> interfaces;
    std::vector<sockledger_source_status> sources;
    std::vector<sockledger_shown_app> apps;
    sockledger_shown_app other{};
    int (*wanted)(const char* id, const char* name, void* user) = nullptr;
    void* user = nullptr;

    unsigned streams = 0;                ///< of alerts that were begun
    std::deque<sockledger_alert> alerts; ///< that have arrived
    std::optional<int> stream_error;     ///< of the next look for one
};

FakeLibrary& fake_library();

} // namespace sockledger::testing
