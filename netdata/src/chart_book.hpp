// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "chart.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sockledger::netdata {

/// What Netdata knows of our charts. It is told what there is now, and says what to write so that Netdata
/// knows it too: new charts are declared, changed ones declared again, those that are gone have a gap and
/// after a minute become obsolete.
///
/// Counters never fall and never leap, whatever their source does: the first value after a gap repeats the
/// last one that was sent, be it by an earlier run of the plugin. For Netdata takes a counter that falls for
/// one that wrapped at 2^32, and shows gigabits that never were. Threads: one at a time.
class ChartBook {
public:
    explicit ChartBook(unsigned update_every) : update_every_(update_every) {}

    /// The lines for these charts. `elapsed` since the sample before, 0 when that is not known; `now` on any
    /// clock that survives restarts. A second chart of the same id is left out.
    std::string update(const std::vector<Chart>& charts, std::chrono::microseconds elapsed,
                       std::chrono::seconds now);

    /// What another run has to know, as text, and back. Counters that were not sent for a day are left
    /// out. Lines that cannot be read are skipped.
    std::string save(std::chrono::seconds now) const;
    void load(std::string_view text);

private:
    struct Counter {
        bool running = false;    ///< `source` is of the sample before
        std::int64_t source = 0; ///< what the source said last
        std::int64_t sent = 0;
        bool known = false; ///< `sent` was sent
    };
    struct Entry {
        bool shown = false;  ///< Netdata knows it
        bool paused = false; ///< it has a gap now
        std::string declaration{};
        Chart chart{}; ///< as it was declared; its values are of no use
        std::chrono::seconds last_sent{};
        std::map<std::string, Counter, std::less<>> counters{};
        std::vector<std::pair<std::string, std::uint64_t>> variables{};
    };

    void declare(std::string& out, Entry& entry, const Chart& chart, std::string declaration);
    static void append_values(std::string& out, Entry& entry, const Chart& chart);
    static std::int64_t advance(Counter& counter, std::int64_t value);
    static void pause(Entry& entry);
    void forget_old();

    const unsigned update_every_;
    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace sockledger::netdata
