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
    erase_empty_groups(); // also of clients who come and go between two ticks
    Group& group = group_of(view, interval);
    if (!group.last)
        group.last = seen_.keep(*now);
    group.sessions.push_back(session);
    session->begin_stream();
    session->push(messages_.message(*now, nullptr, view, true));
    return {};
}

Subscriptions::Group& Subscriptions::group_of(const View& view, std::chrono::milliseconds interval) {
    const auto found = std::ranges::find_if(groups_, [&](const std::shared_ptr<Group>& group) {
        return group->interval == interval && group->view == view;
    });
    if (found != groups_.end())
        return **found;
    const auto group =
        std::make_shared<Group>(Group{view, interval, boost::asio::steady_timer(loop_), {}, {}});
    groups_.push_back(group);
    wait(group);
    return *group;
}

void Subscriptions::erase_empty_groups() {
    std::erase_if(groups_, [](const std::shared_ptr<Group>& group) {
        erase_closed(group->sessions);
        return group->sessions.empty();
    });
}

void Subscriptions::wait(const std::shared_ptr<Group>& group) {
    group->timer.expires_at(next_multiple(group->interval));
    // Weakly: an erased group may have expired already.
    group->timer.async_wait([this, weak = std::weak_ptr(group)](boost::system::error_code) {
        if (const auto alive = weak.lock())
            tick(alive);
    });
}

void Subscriptions::tick(const std::shared_ptr<Group>& group) {
    erase_closed(group->sessions);
    if (group->sessions.empty())
        return erase_empty_groups();
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
