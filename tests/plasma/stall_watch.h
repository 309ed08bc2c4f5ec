// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sockledger::testing {

/// How long the event loop of this thread did not turn: what a person sees as a freeze. Without the time in
/// which other programs had the processor.
class StallWatch {
public:
    StallWatch() {
        QObject::connect(&timer_, &QTimer::timeout, [this] { look(); });
        timer_.setTimerType(Qt::PreciseTimer);
        timer_.start(tick);
        last_ = now();
    }
    /// The longest since the last time that this was asked.
    std::chrono::nanoseconds longest() {
        look();
        return std::exchange(longest_, {});
    }

private:
    static constexpr std::chrono::milliseconds tick{5};

    static std::chrono::nanoseconds now() {
        // Time on the processor, time of waiting for it, number of turns
        QFile statistics(QStringLiteral("/proc/thread-self/schedstat"));
        const bool opened = statistics.open(QFile::ReadOnly);
        const QByteArrayList numbers = opened ? statistics.readAll().split(' ') : QByteArrayList();
        const std::chrono::nanoseconds waited(numbers.size() > 1 ? numbers[1].toLongLong() : 0);
        return std::chrono::steady_clock::now().time_since_epoch() - waited;
    }
    void look() {
        const auto before = std::exchange(last_, now());
        longest_ = std::max(longest_, last_ - before - tick);
    }

    QTimer timer_;
    std::chrono::nanoseconds last_{};
    std::chrono::nanoseconds longest_{};
};

inline double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace sockledger::testing
