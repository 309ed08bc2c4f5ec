// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "commands.hpp"
#include "daemon_commands.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <poll.h>

namespace sockledger::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

/// A burst of link changes must not turn into a burst of samples.
constexpr auto shortest_between_wakes = std::chrono::milliseconds(500);

/// When the next picture is due. On this machine that is when to sample; of a recording the next instant
/// is read ahead, because only it says how long after the last one it comes.
class Pace {
public:
    Pace(Feed& feed, bool replay) : feed_(feed), replay_(replay) {}

    Clock::time_point due(int interval_s) const {
        if (!shown_at_)
            return Clock::time_point::min();
        if (!replay_)
            return *shown_at_ +
                   seconds(samples_ == 1 ? std::min(interval_s, default_first_interval_s) : interval_s);
        if (!ahead_)
            return Clock::time_point::max();
        return *shown_at_ + std::min<Clock::duration>(ahead_->interval, seconds(longest_interval));
    }

    // The picture that is due, or what went wrong.
    Result<SnapshotPtr> next() {
        if (!replay_) {
            shown_at_ = Clock::now();
            ++samples_;
            return feed_.sample();
        }
        SnapshotPtr now = ahead_;
        ahead_ = nullptr;
        if (!shown_at_) {
            Result<SnapshotPtr> first = feed_.sample();
            shown_at_ = Clock::now();
            if (!first)
                return first;
            now = *first;
        }
        shown_at_ = Clock::now();
        Result<SnapshotPtr> later = feed_.sample();
        if (later)
            ahead_ = *later;
        else
            end_ = later.error();
        return now;
    }

    // While paused a recording stands still.
    void hold() {
        if (replay_)
            shown_at_ = Clock::now();
    }

    bool can_wake(Clock::time_point now) const {
        return !replay_ && feed_.wake_fd() >= 0 && shown_at_ && now >= *shown_at_ + shortest_between_wakes;
    }
    Clock::time_point may_wake_at() const {
        return replay_ || feed_.wake_fd() < 0 || !shown_at_ ? Clock::time_point::max()
                                                            : *shown_at_ + shortest_between_wakes;
    }
    int wake_fd() const { return feed_.wake_fd(); }

    /// Why there is no picture after the one shown; only of a recording.
    const std::optional<Error>& end() const { return end_; }

private:
    Feed& feed_;
    bool replay_;
    std::size_t samples_ = 0;
    std::optional<Clock::time_point> shown_at_;
    SnapshotPtr ahead_;
    std::optional<Error> end_;
};

// False when the person leaves.
bool handle_keys(LiveView& view, Screen& screen, bool& any) {
    any = false;
    while (const auto key = screen.next_key()) {
        any = true;
        if (!view.handle(*key))
            return false;
    }
    return true;
}

std::chrono::nanoseconds time_left(Clock::time_point until, Clock::time_point now) {
    if (until == Clock::time_point::max())
        return std::chrono::nanoseconds(-1);
    return std::max<Clock::duration>(until - now, Clock::duration::zero());
}

} // namespace

Result<int> run_live(const Options& options, const Format& format, Feed& feed, Screen& screen, int input,
                     Interrupts& interrupts) {
    const bool replay = !options.replay.empty();
    LiveView view({format, options.selection, options.interval_s.value_or(default_interval_s), replay});
    Pace pace(feed, replay);
    Result<int> status = 0;
    int empty_reads = 0;
    bool woken = false;
    while (interrupts.ended_by() == 0) {
        if (replay && view.paused())
            pace.hold();
        if (woken || Clock::now() >= pace.due(view.interval_s())) {
            const Result<SnapshotPtr> snapshot = pace.next();
            if (snapshot)
                view.show(*snapshot);
            else if (replay)
                return snapshot.error();
            if (snapshot)
                view.set_message(unknown_interface(options.selection, **snapshot));
            else
                view.set_message(snapshot.error().message +
                                 (is_away(snapshot.error()) ? "; trying again" : ""));
        }
        if (pace.end()) {
            const bool regular = pace.end()->code == ENODATA;
            view.set_message(regular ? "end of the recording" : pace.end()->message);
            if (!regular)
                status = *pace.end();
        }
        screen.draw(view.frame(screen.width(), screen.height()));

        const auto now = Clock::now();
        auto until = pace.due(view.interval_s());
        HostNames* const names = format.names;
        pollfd descriptors[] = {
            {input, POLLIN, 0}, {-1, POLLIN, 0}, {names ? names->wake_fd() : -1, POLLIN, 0}};
        if (pace.can_wake(now))
            descriptors[1].fd = pace.wake_fd();
        else
            until = std::min(until, pace.may_wake_at());
        interrupts.wait(descriptors, replay && view.paused() ? seconds(-1) : time_left(until, now));
        if (names)
            names->process();
        bool any = false;
        if (!handle_keys(view, screen, any))
            return status;
        // Readable without a key, again and again: the terminal has gone.
        empty_reads = descriptors[0].revents != 0 && !any ? empty_reads + 1 : 0;
        if (empty_reads > 10 || (descriptors[0].revents & (POLLERR | POLLNVAL)))
            return status;
        woken = (descriptors[1].revents & POLLIN) != 0;
    }
    return status;
}

} // namespace sockledger::cli
