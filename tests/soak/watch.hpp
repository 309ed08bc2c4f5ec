// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

/// What is looked at all the while. Failures are exceptions.
namespace sockledger::test {

/// What a process holds.
struct Figures {
    double rss_mib = 0;
    std::size_t descriptors = 0;
    std::size_t threads = 0;
    std::size_t zombies = 0; ///< children that nobody has waited for
};
Figures figures_of(pid_t pid);
std::string to_string(const Figures& figures);

/// A client that stays through every restart of the daemon and looks whether a total falls.
class TotalsWatch {
public:
    explicit TotalsWatch(const std::string& socket);
    ~TotalsWatch();
    TotalsWatch(const TotalsWatch&) = delete;
    TotalsWatch& operator=(const TotalsWatch&) = delete;

    /// Ends the watch. The first total that fell; empty when none did.
    std::string stop();
    std::size_t snapshots() const { return snapshots_; }

private:
    void run(const std::string& socket);

    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> snapshots_ = 0;
    std::string fallen_; ///< belongs to the thread until that has ended
    std::thread thread_;
};

} // namespace sockledger::test
