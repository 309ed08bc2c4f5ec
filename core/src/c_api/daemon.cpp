// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/answer.hpp"
#include "c_api/rows.hpp"
#include "c_api/sized.hpp"

#include <sockledger/daemon.hpp>

#include <memory>
#include <utility>

using namespace sockledger;
using namespace sockledger::c_api;

struct sockledger_daemon {
    std::unique_ptr<DaemonClient> client;
    std::string error;
    Alert alert; ///< whose texts were given out
};

struct sockledger_usage {
    Usage answer;
};

namespace {

static_assert(SOCKLEDGER_MONTH == static_cast<int>(UsageBucket::Unit::Month));
static_assert(SOCKLEDGER_BY_APP_AND_INTERFACE == static_cast<int>(UsageGroup::AppInterface));

/// Does what a handle is for, and keeps what goes wrong.
template<typename Call>
int noted(sockledger_daemon& daemon, Call call) {
    daemon.error.clear();
    return answer([&](std::string_view text) { daemon.error = text; }, call);
}

template<typename Rows, typename Row>
int give_one(const Rows& rows, size_t index, Row* to) {
    return index < rows.size() ? give(to, to_c(rows[index])) : -ENOENT;
}

Result<UsageQuery> to_cpp(const sockledger_usage_query* asked) {
    sockledger_usage_query given{};
    if (const int refused = take(asked, given); refused != 0)
        return Error{"a question of a size or with a field that this library does not know", -refused};
    if (given.bucket > SOCKLEDGER_MONTH || given.group > SOCKLEDGER_BY_APP_AND_INTERFACE)
        return Error{"a bucket or a group that this library does not know", EINVAL};
    UsageQuery query;
    query.window = {std::chrono::seconds(given.from), std::chrono::seconds(given.to)};
    query.bucket.unit = static_cast<UsageBucket::Unit>(given.bucket);
    if (given.bucket_seconds != 0)
        query.bucket.width = std::chrono::seconds(given.bucket_seconds);
    query.group = static_cast<UsageGroup>(given.group);
    if (given.app)
        query.app = given.app;
    if (given.interface)
        query.interface = given.interface;
    return query;
}

} // namespace

int sockledger_daemon_open(const char* socket, sockledger_daemon** daemon, char* error, size_t error_size) {
    const auto say = [&](std::string_view text) { copy_text(text, error, error_size); };
    say("");
    return answer(say, [&]() -> Result<void> {
        if (!daemon)
            return Error{"there is no place for the handle", EINVAL};
        *daemon = nullptr;
        auto client = DaemonClient::connect(socket ? socket : default_socket);
        if (!client)
            return std::move(client).error();
        *daemon = new sockledger_daemon{*std::move(client), {}, {}};
        return {};
    });
}

void sockledger_daemon_close(sockledger_daemon* daemon) {
    delete daemon;
}

const char* sockledger_daemon_error(const sockledger_daemon* daemon) {
    return daemon ? daemon->error.c_str() : "";
}

int sockledger_daemon_usage(sockledger_daemon* daemon, const sockledger_usage_query* query,
                            sockledger_usage** usage) {
    if (!daemon || !usage)
        return -EINVAL;
    *usage = nullptr;
    return noted(*daemon, [&]() -> Result<void> {
        const auto understood = to_cpp(query);
        if (!understood)
            return understood.error();
        auto answered = daemon->client->usage(*understood);
        if (!answered)
            return std::move(answered).error();
        *usage = new sockledger_usage{*std::move(answered)};
        return {};
    });
}

size_t sockledger_usage_count(const sockledger_usage* usage) {
    return usage ? usage->answer.rows.size() : 0;
}

int sockledger_usage_get(const sockledger_usage* usage, size_t index, sockledger_usage_row* row) {
    return usage ? give_one(usage->answer.rows, index, row) : -EINVAL;
}

int sockledger_usage_get_summary(const sockledger_usage* usage, sockledger_usage_summary* summary) {
    return usage ? give(summary, to_c(usage->answer)) : -EINVAL;
}

size_t sockledger_usage_gap_count(const sockledger_usage* usage) {
    return usage ? usage->answer.gaps.size() : 0;
}

int sockledger_usage_get_gap(const sockledger_usage* usage, size_t index, sockledger_usage_gap* gap) {
    return usage ? give_one(usage->answer.gaps, index, gap) : -EINVAL;
}

void sockledger_usage_release(sockledger_usage* usage) {
    delete usage;
}

int sockledger_daemon_subscribe_alerts(sockledger_daemon* daemon) {
    if (!daemon)
        return -EINVAL;
    return noted(*daemon, [&] { return daemon->client->subscribe_alerts(); });
}

int sockledger_daemon_alerts_fd(const sockledger_daemon* daemon) {
    return daemon ? daemon->client->alerts_fd() : -1;
}

int sockledger_daemon_next_alert(sockledger_daemon* daemon, sockledger_alert* alert) {
    // Looked at first, because an alert that is taken cannot be put back.
    if (!daemon || !alert || alert->size < first_size<sockledger_alert>)
        return -EINVAL;
    return noted(*daemon, [&]() -> Result<void> {
        auto next = daemon->client->next_alert();
        if (!next)
            return std::move(next).error();
        if (!*next)
            return Error{"no alert has arrived", EAGAIN};
        daemon->alert = **std::move(next);
        give(alert, to_c(daemon->alert));
        return {};
    });
}
