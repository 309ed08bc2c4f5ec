// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "collector.hpp"

#include "files.hpp"

#include <sockledger/derived.hpp>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <malloc.h>
#include <utility>

namespace sockledger::netdata {

namespace {

constexpr std::size_t most_counters = 4 * 1024 * 1024;
constexpr std::uint64_t turns_between_trims = 60;

} // namespace

Collector::Collector(const Settings& settings, Open open, Output& output, Log& log, std::string counters)
    : settings_(settings)
    , open_(std::move(open))
    , output_(output)
    , log_(log)
    , counters_(std::move(counters))
    , dashboard_(settings) {}

SnapshotPtr Collector::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

void Collector::complain(const std::string& problem) {
    if (problem != problem_)
        log_.add(LogLevel::Warning, problem);
    problem_ = problem;
    output_.write("\n"); // Netdata 2.x ends a plugin that is silent
}

void Collector::say_what_is_missing(const Snapshot& snapshot) {
    const std::string missing = what_is_missing(snapshot);
    if (missing != missing_)
        log_.add(LogLevel::Info, missing.empty() ? "exact traffic of applications from now on"
                                                 : "exact traffic of applications is missing: " + missing);
    missing_ = missing;
}

void Collector::sample() {
    if (!feed_) {
        auto opened = open_();
        if (!opened)
            return complain(opened.error().message);
        feed_ = *std::move(opened);
    }
    const auto snapshot = feed_->sample();
    if (!snapshot)
        return complain(snapshot.error().message);
    output_.write(dashboard_.show(**snapshot) + "\n");
    problem_.clear();
    say_what_is_missing(**snapshot);
    const std::lock_guard lock(mutex_);
    latest_ = *snapshot;
}

// By the wall clock, as Netdata's own collectors do it, so that all charts have their points at the same
// time. How long to wait is worked out anew each time: the clock may have been set.
void Collector::wait_for_turn(const std::stop_token& stop) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::chrono::seconds every(settings_.update_every);
    std::unique_lock lock(mutex_);
    turn_.wait_for(lock, stop, every - now % every, [] { return false; });
}

void Collector::load() {
    if (counters_.empty())
        return;
    if (const auto text = read_file(counters_, most_counters))
        dashboard_.load(*text);
    else if (text.error().code != ENOENT)
        log_.add(LogLevel::Warning, text.error().message);
}

void Collector::save() {
    if (counters_.empty() || !latest_)
        return;
    if (const auto saved = replace_file(counters_, dashboard_.save()); !saved)
        log_.add(LogLevel::Warning, saved.error().message);
}

void Collector::run(const std::stop_token& stop) {
    const auto guarded = [&](void (Collector::*step)()) {
        try {
            (this->*step)();
        } catch (const std::exception& problem) {
            complain(problem.what());
        }
    };
    guarded(&Collector::load);
    for (std::uint64_t turn = 0; !stop.stop_requested() && !output_.closed(); ++turn) {
        guarded(&Collector::sample);
        if (turn % turns_between_trims == 0)
            malloc_trim(0); // what large answers took is otherwise ours for ever
        wait_for_turn(stop);
    }
    guarded(&Collector::save);
}

} // namespace sockledger::netdata
