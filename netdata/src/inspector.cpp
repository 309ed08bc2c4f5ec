// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "inspector.hpp"

#include "protocol.hpp"
#include "tables.hpp"

#include <sockledger/daemon.hpp>

#include <chrono>
#include <utility>

namespace sockledger::netdata {

namespace {

constexpr char applications_name[] = "sockledger-applications";
constexpr char connections_name[] = "sockledger-connections";

std::int64_t soon(const Settings& settings) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count() + settings.update_every;
}

FunctionAnswer nothing_yet() {
    return {503, error_body(503, "nothing has been counted yet"), 0};
}

bool is_of_daemon(const Snapshot& snapshot) {
    const SourceStatus* const daemon = snapshot.source("daemon");
    return daemon && daemon->accuracy != Accuracy::Unavailable;
}

} // namespace

Inspector::Inspector(const Settings& settings, Latest latest)
    : settings_(settings), latest_(std::move(latest)) {}

std::string Inspector::offers() const {
    std::string lines;
    if (!settings_.functions)
        return lines;
    append_function(lines, {applications_name, "Applications and the traffic that each moves now",
                            settings_.applications_access});
    append_function(lines, {connections_name, "Connections and processes with the bytes of each",
                            settings_.connections_access});
    return lines;
}

std::map<std::string, Functions::Handler> Inspector::handlers() const {
    if (!settings_.functions)
        return {};
    return {{applications_name, [this](const Request& request) { return applications(request); }},
            {connections_name, [this](const Request& request) { return connections(request); }}};
}

FunctionAnswer Inspector::applications(const Request& request) const {
    if (asks_for_info(request))
        return {200, info_body(applications_description(settings_)), soon(settings_)};
    const SnapshotPtr snapshot = latest_();
    if (!snapshot)
        return nothing_yet();
    return {200, applications_table(*snapshot, settings_, soon(settings_)), soon(settings_)};
}

// The charts do without connections and processes, which are the most of a snapshot. So a daemon is asked
// for them now; an engine of our own has them anyway.
Result<Inspector::Picture> Inspector::everything() const {
    Picture picture{latest_(), {}};
    if (!picture.snapshot || !is_of_daemon(*picture.snapshot))
        return picture;
    FeedOptions options;
    options.source = FeedOptions::Source::Daemon;
    options.socket = settings_.socket;
    const auto feed = open_feed(options);
    if (!feed)
        return feed.error();
    auto snapshot = (*feed)->sample();
    if (!snapshot)
        return snapshot.error();
    picture.snapshot = *std::move(snapshot);
    if (const auto daemon = DaemonClient::connect(settings_.socket))
        if (const auto status = (*daemon)->status(); status && !status->privileged)
            picture.note = "Only what Netdata's own user may see: to see all, add that user to the group "
                           "sockledger and start Netdata again.";
    return picture;
}

FunctionAnswer Inspector::connections(const Request& request) const {
    if (asks_for_info(request))
        return {200, info_body(connections_description(settings_)), soon(settings_)};
    const auto picture = everything();
    if (!picture)
        return {503, error_body(503, picture.error().message), 0};
    if (!picture->snapshot)
        return nothing_yet();
    return {200,
            connections_table(*picture->snapshot, settings_, selection_of(request, "view"), picture->note,
                              soon(settings_)),
            soon(settings_)};
}

} // namespace sockledger::netdata
