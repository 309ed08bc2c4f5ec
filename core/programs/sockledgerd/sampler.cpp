// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sampler.hpp"

#include <algorithm>

namespace sockledger::daemon {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto fresh_enough = 250ms;
constexpr auto just_now = 20ms;
/// For the connection counts of a machine that nobody looks at.
constexpr auto unasked_interval = 60s;
/// TCP's own counters die with the socket, so they are the better the more often they are read.
constexpr auto interval_without_packets = 3s;

bool counts_packets(const Snapshot& snapshot) {
    const SourceStatus* traffic = snapshot.source("traffic");
    return traffic && traffic->accuracy != Accuracy::Unavailable;
}

} // namespace

Sampler::Sampler(boost::asio::io_context& context, std::unique_ptr<Engine> engine,
                 std::function<void(const SnapshotPtr&)> seen, std::function<void(const Error&)> failed)
    : engine_(std::move(engine)), seen_(std::move(seen)), failed_(std::move(failed)), timer_(context) {}

Result<void> Sampler::start(std::chrono::seconds interval) {
    interval_ = interval;
    if (auto first = sample(true); !first)
        return first.error();
    wait();
    return {};
}

void Sampler::wait() {
    // Counted from the last sample, so that one that a client asked for takes the place of ours. After a
    // stop (the machine slept, a debugger held us) the turns that were missed are not made up.
    timer_.expires_at(tried_at_ + interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        if (Clock::now() - tried_at_ >= interval_)
            try_to_sample();
        wait();
    });
}

bool Sampler::needs_sockets() const {
    const SnapshotPtr newest = latest();
    const auto interval = newest && counts_packets(*newest) ? unasked_interval : interval_without_packets;
    return Clock::now() - sockets_read_at_ >= interval;
}

Result<SnapshotPtr> Sampler::fresh(bool sockets) {
    const auto now = Clock::now();
    if (const SnapshotPtr newest = latest();
        newest && now - (sockets ? sockets_read_at_ : sampled_at_) <= fresh_enough)
        return newest;
    return sample(sockets);
}

void Sampler::catch_up() {
    if (Clock::now() - sampled_at_ > just_now)
        try_to_sample();
}

void Sampler::try_to_sample() {
    if (const auto snapshot = sample(false); !snapshot)
        failed_(snapshot.error());
}

Result<SnapshotPtr> Sampler::sample(bool sockets) {
    tried_at_ = Clock::now();
    sockets = sockets || needs_sockets(); // those who do not ask for it must not keep it from being read
    engine_->set_socket_interval(sockets ? 0ms : std::chrono::milliseconds(24h));
    auto snapshot = engine_->sample();
    if (!snapshot)
        return snapshot;
    sampled_at_ = tried_at_;
    if (sockets)
        sockets_read_at_ = tried_at_;
    seen_(*snapshot);
    return snapshot;
}

} // namespace sockledger::daemon
