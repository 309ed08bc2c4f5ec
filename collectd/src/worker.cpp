// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "worker.hpp"

#include "turns.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <pthread.h>
#include <utility>

namespace sockledger::collectd {

namespace {

using Clock = std::chrono::steady_clock;

/// The thread that is made meanwhile leaves all signals to collectd's own.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

/// Out of memory, say: one turn is lost, collectd is not.
template<typename Function>
void attempt(const Function& function) {
    try {
        function();
    } catch (const std::exception&) {
    }
}

} // namespace

/// Lives as long as the longer of the two: the Worker or its thread.
struct Worker::Shared {
    explicit Shared(std::chrono::nanoseconds interval) : turns(interval, Clock::now()) {}

    std::mutex mutex;
    std::condition_variable changed;
    Turns turns;
    std::vector<Value> values;
    bool sampled = false;
    bool stopping = false;
    bool ended = false;
};

Worker::Worker(Begin begin, std::chrono::nanoseconds interval) : shared_(std::make_shared<Shared>(interval)) {
    const SignalsBlocked blocked;
    thread_ = std::thread([shared = shared_, begin = std::move(begin)] {
        pthread_setname_np(pthread_self(), "sockledger");
        run(*shared, begin);
    });
}

Worker::~Worker() {
    stop({});
}

void Worker::run(Shared& shared, const Begin& begin) {
    attempt([&] {
        const Work work = begin();
        while (run_turn(shared, work))
            continue;
    });
    const std::lock_guard lock(shared.mutex);
    shared.ended = true;
    shared.changed.notify_all();
}

bool Worker::run_turn(Shared& shared, const Work& work) {
    std::unique_lock lock(shared.mutex);
    const auto now = Clock::now();
    const bool due = now >= shared.turns.due();
    if (due)
        shared.turns.sample(now);
    lock.unlock();
    std::vector<Value> values;
    if (due)
        attempt([&] { values = work.sample(); });
    attempt(work.between);
    lock.lock();
    if (due) {
        shared.values = std::move(values);
        shared.sampled = true;
        shared.changed.notify_all();
    }
    if (!shared.stopping)
        shared.changed.wait_until(lock, std::min(shared.turns.due(), Clock::now() + std::chrono::seconds(1)));
    return !shared.stopping;
}

void Worker::wait_for_first(std::chrono::nanoseconds patience) {
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, patience, [this] { return shared_->sampled; });
}

std::vector<Value> Worker::take() {
    const std::lock_guard lock(shared_->mutex);
    shared_->turns.read(Clock::now());
    shared_->changed.notify_all();
    return std::exchange(shared_->values, {});
}

bool Worker::stop(std::chrono::nanoseconds patience) {
    if (!thread_.joinable())
        return true;
    std::unique_lock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->changed.notify_all();
    const bool ended = shared_->changed.wait_for(lock, patience, [this] { return shared_->ended; });
    lock.unlock();
    if (ended)
        thread_.join();
    else
        thread_.detach();
    return ended;
}

} // namespace sockledger::collectd
