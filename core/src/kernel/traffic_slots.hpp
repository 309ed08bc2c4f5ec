// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/bpf/records.h"
#include "kernel/bpf_programs.hpp"
#include "samplers/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace sockledger {

/// Reads what the BPF programs have counted, and gives the slots of dead processes back.
///
/// A slot goes back in steps, one read apart, so that no packet in flight is lost: the process has
/// exited and its slots stand still; they are unlinked; they are cleared and handed out anew.
class TrafficSlots {
public:
    explicit TrafficSlots(BpfPrograms& programs);

    /// Fills the rows, one for each (process, interface) that ever moved a byte and is not given
    /// back yet, and the identities of the processes. Fails when the kernel refuses to show a map.
    Result<void> read(TrafficReading& reading);

    /// What found no room in the maps since the start.
    std::uint64_t lost_bytes() const;
    std::uint64_t lost_events() const;

    /// Tells the programs the MTU of each link of a namespace, by which they know of fragments, and
    /// forgets those that are gone.
    void set_mtus(const LinksReading& links);

private:
    std::size_t set_mtus(std::uint32_t netns, const std::vector<LinkRecord>& links);
    struct Retiring {
        int quiet_reads = 0; // reads since its slots last changed
        bool unlinked = false;
    };
    struct Mtu {
        std::uint32_t bytes = 0;
        std::uint64_t seen = 0; // at which read
    };
    struct Slot {
        std::uint64_t owner;
        std::uint32_t index;
        TrafficRow row;
    };

    Result<void> read_slots();
    Result<std::uint32_t> read_batch(std::uint32_t first, std::uint32_t count);
    Result<void> read_identities();
    std::span<const Slot> slots_of(std::uint64_t owner) const;
    void retire();
    void unlink(std::uint64_t owner);
    void clear(std::uint64_t owner);
    bool take_changes(std::uint64_t owner);

    BpfPrograms& programs_;
    int slots_fd_;
    int slot_of_fd_;
    int identities_fd_;
    std::size_t cpus_;
    bool has_batch_ = true;
    std::uint32_t most_taken_ = 0; // ever, at once: a stack hands out the lowest first
    std::uint64_t identity_changes_seen_ = UINT64_MAX;
    std::vector<traffic_slot> buffer_;
    std::vector<std::uint32_t> index_buffer_;
    std::vector<Slot> slots_; // by owner
    std::vector<KernelIdentity> identities_;
    std::map<std::uint64_t, Retiring> retiring_; // by owner
    std::unordered_map<std::uint32_t, std::uint64_t>
        retiring_packets_; // by slot: what it held at the last read
    std::map<InterfaceId, Mtu> mtus_;
    std::uint64_t read_number_ = 0;
};

} // namespace sockledger
