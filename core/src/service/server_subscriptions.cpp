// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server_subscriptions.hpp"

#include <algorithm>

namespace sockledger {

namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point next_multiple(std::chrono::milliseconds interval) {
    return Clock::time_point((Clock::now().time_since_epoch() / interval + 1) * interval);
}

} // namespace

Result<void> Subscriptions::add(const std::shared_ptr<Session>& session, const View& view,
                                std::chrono::milliseconds interval) {
    const auto now = backend_.snapshot(view.sockets());
    if (!now) {
        return now.error();
    }
    auto group = std::ranges::find_if(groups_, [&](const Group& candidate) {
        return candidate.interval == interval && candidate.view == view;
    });
    if (group == groups_.end()) {
        group =
            groups_.insert(group, {view, interval, boost::asio::steady_timer(loop_), {}, seen_.keep(*now)});
        wait(group);
    }
    group->sessions.push_back(session);
    session->begin_stream();
    session->push(messages_.message(*now, nullptr, view, true));
    return {};
}

void Subscriptions::wait(Groups::iterator group) {
    group->timer.expires_at(next_multiple(group->interval));
    group->timer.async_wait([this, group](boost::system::error_code cancelled) {
        if (!cancelled) {
            tick(group);
        }
    });
}

void Subscriptions::tick(Groups::iterator group) {
    std::erase_if(group->sessions, [](const std::weak_ptr<Session>& session) {
        const auto alive = session.lock();
        return !alive || alive->closed();
    });
    if (group->sessions.empty()) {
        groups_.erase(group);
        return;
    }
    wait(group);
    const auto now = backend_.snapshot(group->view.sockets());
    if (!now || *now == *group->last) {
        return; // nothing new to say
    }
    const SnapshotPtr before = *group->last;
    group->last = seen_.keep(*now);
    Message message;
    for (const auto& weak : group->sessions) {
        const auto session = weak.lock();
        if (!session || !session->drained()) {
            continue;
        }
        if (!message) {
            message = messages_.message(*now, before, group->view, true);
        }
        session->push(message);
    }
}

} // namespace sockledger
