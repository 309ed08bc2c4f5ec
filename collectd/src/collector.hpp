// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "alert_book.hpp"
#include "handles.hpp"
#include "host.hpp"
#include "names.hpp"
#include "settings.hpp"
#include "values.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sockledger::collectd {

/// Asks the library for a snapshot and makes collectd's values of it. All of it belongs to one thread.
class Collector {
public:
    Collector(Settings settings, Host host);

    /// A sample. Waits for a daemon for at most 10 s. Nothing when there is none to be had, which is said
    /// once.
    std::vector<Value> sample();
    /// Passes alerts of the daemon on, without waiting for one.
    void pass_alerts_on();

private:
    bool open_feed();
    SnapshotHandle take();
    void complain(const std::string& problem);
    void say_what_is_missing(const sockledger_snapshot_info& info);
    void add_machine(const sockledger_snapshot& snapshot, const sockledger_snapshot_info& info);
    void add_interfaces(const sockledger_snapshot& snapshot, const sockledger_snapshot_info& info);
    void add_apps(const sockledger_snapshot& snapshot, const sockledger_snapshot_info& info);
    void add_shown(const sockledger_shown_app& app, const std::string& instance, std::uint64_t now);
    void subscribe();
    void notify(const Notification& notification) const;

    const Settings settings_;
    const Host host_;
    FeedHandle feed_;
    ShownHandle shown_;
    DaemonHandle alerts_;
    std::vector<Value> values_;
    Names interfaces_;
    Names apps_;
    std::map<std::string, States> states_; ///< by instance
    AlertBook book_;
    std::string problem_; ///< that was said last
    bool missing_ = false;
    bool from_daemon_ = false;
    unsigned turns_of_stream_ = 0;
    std::uint64_t taken_before_ = 0; ///< CLOCK_REALTIME of the sample before: that of applications' bytes
};

} // namespace sockledger::collectd
