// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/accounts.hpp"
#include "engine/connection_table.hpp"
#include "engine/estimate.hpp"
#include "engine/interface_books.hpp"
#include "engine/snapshot_pool.hpp"
#include "engine/traffic_rows.hpp"
#include "samplers/reading.hpp"

#include <sockledger/feed.hpp>

namespace sockledger {

/// Makes Snapshots of Readings: keeps the totals, the dead, the rates and the books. It does no I/O and
/// asks no clock, so equal Readings give equal Snapshots; a replay rests on that.
///
/// Totals start at zero with the first Readings, never fall, and keep what was moved by processes that are
/// gone. Of applications that are gone the last thousand are kept; one that comes back later is a new one. A
/// source that fails for a while stops its numbers and their rates; it never undoes them.
///
/// Where the packet counter never worked, processes and applications get the TCP payload of their sockets
/// (Partial); where that is not known either, a share of what their interfaces moved (Estimated). The
/// numbers of two such tiers are added up when a better source comes up, and have the label of the worse.
/// Threads: one at a time.
class Ledger {
public:
    SnapshotPtr apply(const Readings& readings);

private:
    using Slot = SnapshotPool::Slot;
    struct Sources { ///< what could be read at this sample
        Accuracy links = Accuracy::Unavailable;
        Accuracy traffic = Accuracy::Unavailable;
        Accuracy sockets = Accuracy::Unavailable;
    };
    /// How applications come by their bytes. The packet counter's rows hold what passes while it cannot be
    /// read, so nothing else may stand in for it once it has worked.
    enum class Tier { None, Shares, Payload, Packets };
    static Sources sources_of(const Readings& readings);
    Tier tier_of(const Sources& sources) const;
    void read_traffic(const Readings& readings, bool begins);
    void read_sockets(const Readings& readings, const Sources& sources, Slot& slot);
    void show_old_sockets(const Sources& sources, Slot& slot) const;
    void close(const Sources& sources, std::chrono::nanoseconds interval, bool fresh_sockets);
    void fill(const Readings& readings, const Sources& sources, Snapshot& snapshot) const;
    Accuracy apps_accuracy(const Sources& sources) const;
    std::chrono::nanoseconds since(std::optional<std::chrono::nanoseconds> before) const;

    InterfaceBooks interfaces_;
    Accounts accounts_;
    TrafficRows rows_;
    ConnectionTable connections_;
    Estimate estimate_;
    Tier tier_ = Tier::None;
    std::uint64_t sequence_ = 0;
    std::uint32_t netns_ = 0;
    std::chrono::nanoseconds now_{};
    std::chrono::nanoseconds since_{};
    std::optional<std::chrono::nanoseconds> sampled_at_;
    std::optional<std::chrono::nanoseconds> sockets_read_at_;
    std::uint64_t connections_version_ = 0;
    SnapshotPool pool_;
    std::shared_ptr<const Slot> last_;
};

} // namespace sockledger
