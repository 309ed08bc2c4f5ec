// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "environment.hpp"
#include "pattern.hpp"
#include "settings_file.hpp"

#include <sockledger/daemon.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sockledger::netdata {

/// From which rate on an application raises an alarm, in kilobits/s; 0 for never.
struct Threshold {
    std::uint64_t warning = 0;
    std::uint64_t critical = 0;
    bool operator==(const Threshold&) const = default;
};

/// What sockledger.conf says. Passive data.
struct Settings {
    unsigned update_every = 1;
    FeedOptions::Source source = FeedOptions::Source::Automatic;
    std::string socket; ///< empty: the default one, below NETDATA_HOST_PREFIX

    SimplePattern applications{"*"}; ///< of names and ids
    std::size_t application_charts = 50;
    std::size_t overview_applications = 12;
    std::chrono::seconds forget_after{300};

    SimplePattern interfaces{"*"};
    std::size_t interface_charts = 50;
    std::uint64_t unattributed_warning = 50; ///< percent; 0 for never

    bool functions = true;
    std::string applications_access = "any";
    std::string connections_access = "members";
    std::size_t function_rows = 5000;

    std::vector<std::pair<SimplePattern, Threshold>> thresholds; ///< the first that matches counts

    Threshold threshold_of(std::string_view id, std::string_view name) const;
};

/// Takes over what `file` says; gives back what is wrong with it, as "file:line: what". What is wrong keeps
/// what was before. Threads: any.
std::vector<std::string> apply(Settings& settings, const SettingsFile& file);

/// Stock configuration, then the user's. A file that is not there says nothing. Threads: any.
struct LoadedSettings {
    Settings settings;
    std::vector<std::string> problems;
};
LoadedSettings load_settings(const Environment& environment);

} // namespace sockledger::netdata
