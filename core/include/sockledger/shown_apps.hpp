// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/busiest.hpp>
#include <sockledger/snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sockledger {

/// An application, or all others together, as counters for a host that draws the growth between two values.
struct ShownApp {
    AppId id;         ///< "other" for all others
    std::string name; ///< for people; never empty
    Accuracy accuracy = Accuracy::Unavailable;
    std::uint64_t rx_bytes = 0; ///< never falls; meaningless while the accuracy is Unavailable
    std::uint64_t tx_bytes = 0;
    ConnectionCounts connections; ///< now
    std::uint32_t processes = 0;  ///< now
};

/// Which few applications a host shows by name, and what all others moved. Byte counters are those of the
/// sample before: who came in this sample begins with a value that has none of its first bytes, so that no
/// byte is in no difference. What the applications and the others grow by is what all applications moved.
/// Threads: one at a time.
class ShownApps {
public:
    struct Options {
        std::size_t most = 50;                                  ///< shown by name
        std::chrono::nanoseconds forget_after{300'000'000'000}; ///< of silence without a connection
        /// May be shown by name; none: everybody. Asked once for each.
        std::function<bool(const App&)> wanted;
    };
    explicit ShownApps(Options options);

    void update(const Snapshot& snapshot);

    /// Sorted by id; valid until the next update().
    const std::vector<ShownApp>& apps() const { return shown_; }
    const ShownApp& other() const { return other_; }
    /// The worst of all that moved anything; Unavailable when nothing is known of anybody.
    Accuracy accuracy() const { return accuracy_; }

private:
    struct Known {
        ShownApp shown;
        bool wanted = false;
        bool present = false;
        std::uint64_t counted_rx = 0; ///< as last seen
        std::uint64_t counted_tx = 0;
        std::uint64_t now_rx = 0; ///< never falls
        std::uint64_t now_tx = 0;
        std::uint64_t rx_before = 0; ///< what was shown before
        std::uint64_t tx_before = 0;
    };
    std::vector<Candidate> take(const Snapshot& snapshot);
    void add_up();
    void forget_absent();

    const Options options_;
    Busiest busiest_;
    std::set<std::string> chosen_before_;
    std::map<AppId, Known, std::less<>> apps_;
    std::vector<ShownApp> shown_;
    ShownApp other_;
    Accuracy accuracy_ = Accuracy::Unavailable;
    bool first_ = true;
    bool all_seen_ = false; ///< who is not in the Snapshot is known to have moved nothing
};

} // namespace sockledger
