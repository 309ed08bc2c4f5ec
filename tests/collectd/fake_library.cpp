// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "collectd/fake_library.hpp"

#include <cerrno>
#include <cstdio>
#include <utility>

namespace {

using sockledger::testing::fake_library;

/// No handle is looked into.
template<typename T>
T* handle() {
    static char place;
    return reinterpret_cast<T*>(&place);
}

template<typename T>
int give(const std::vector<T>& rows, std::size_t index, T* row) {
    if (index >= rows.size())
        return -ENOENT;
    *row = rows[index];
    return 0;
}

} // namespace

namespace sockledger::testing {

FakeLibrary& fake_library() {
    static FakeLibrary library;
    return library;
}

} // namespace sockledger::testing

int sockledger_feed_open(const sockledger_feed_options*, sockledger_feed** feed, char* error,
                         std::size_t error_size) {
    if (!fake_library().opens) {
        (void)std::snprintf(error, error_size, "%s", fake_library().error.c_str());
        return -ENOENT;
    }
    *feed = handle<sockledger_feed>();
    return 0;
}
void sockledger_feed_close(sockledger_feed*) {}
int sockledger_feed_sample(sockledger_feed*, sockledger_snapshot** snapshot) {
    if (!fake_library().samples)
        return -ECONNREFUSED;
    *snapshot = handle<sockledger_snapshot>();
    return 0;
}
const char* sockledger_feed_error(const sockledger_feed*) {
    return fake_library().error.c_str();
}

void sockledger_snapshot_release(sockledger_snapshot*) {}
int sockledger_snapshot_describe(const sockledger_snapshot*, sockledger_snapshot_info* info) {
    *info = fake_library().info;
    info->interfaces = fake_library().interfaces.size();
    info->sources = fake_library().sources.size();
    return 0;
}
int sockledger_snapshot_interface(const sockledger_snapshot*, std::size_t index, sockledger_interface* row) {
    return give(fake_library().interfaces, index, row);
}
int sockledger_snapshot_source(const sockledger_snapshot*, std::size_t index, sockledger_source_status* row) {
    return give(fake_library().sources, index, row);
}

int sockledger_shown_open(const sockledger_shown_options* options, sockledger_shown** shown) {
    fake_library().wanted = options->wanted;
    fake_library().user = options->user;
    *shown = handle<sockledger_shown>();
    return 0;
}
void sockledger_shown_close(sockledger_shown*) {}
int sockledger_shown_update(sockledger_shown*, const sockledger_snapshot*) {
    return 0;
}
std::size_t sockledger_shown_count(const sockledger_shown*) {
    return fake_library().apps.size();
}
int sockledger_shown_get(const sockledger_shown*, std::size_t index, sockledger_shown_app* row) {
    return give(fake_library().apps, index, row);
}
int sockledger_shown_other(const sockledger_shown*, sockledger_shown_app* row) {
    *row = fake_library().other;
    return 0;
}

int sockledger_daemon_open(const char*, sockledger_daemon** daemon, char*, std::size_t) {
    *daemon = handle<sockledger_daemon>();
    return 0;
}
void sockledger_daemon_close(sockledger_daemon*) {}
int sockledger_daemon_subscribe_alerts(sockledger_daemon*) {
    ++fake_library().streams;
    return 0;
}
int sockledger_daemon_next_alert(sockledger_daemon*, sockledger_alert* alert) {
    auto& library = fake_library();
    if (library.stream_error)
        return *std::exchange(library.stream_error, std::nullopt);
    if (library.alerts.empty())
        return -EAGAIN;
    *alert = library.alerts.front();
    library.alerts.pop_front();
    return 0;
}

const char* sockledger_state_name(std::uint32_t state) {
    return state == SOCKLEDGER_ESTABLISHED ? "ESTABLISHED" : "?";
}
