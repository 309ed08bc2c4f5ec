// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/traffic_slots.hpp"

#include "kernel/socket_row_codec.hpp"
#include "kernel/text.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sockledger {

namespace {

constexpr std::uint32_t batch = 256;
constexpr int quiet_reads_to_retire = 2;
constexpr std::size_t most_racers_of_a_cpu = 2; // a process and the softirq that interrupts it

Error map_error(const char* what) {
    return {std::string(what) + ": " + std::strerror(errno), errno};
}

void add(TrafficCounters& sum, const traffic_slot& slot) {
    sum.rx_bytes += slot.rx.bytes;
    sum.rx_packets += slot.rx.packets;
    sum.rx_gso_bytes += slot.rx.gso_bytes;
    sum.rx_gso_packets += slot.rx.gso_packets;
    sum.tx_bytes += slot.tx.bytes;
    sum.tx_packets += slot.tx.packets;
    sum.tx_gso_bytes += slot.tx.gso_bytes;
    sum.tx_gso_packets += slot.tx.gso_packets;
}

std::uint64_t owner_of(const ProcessId& process) {
    return process.start_ticks << OWNER_PID_BITS | process.pid;
}

// The slot of all CPUs; false when none of them has used it.
bool sum_of_cpus(std::span<const traffic_slot> cpus, TrafficRow& row) {
    row = {};
    const traffic_key* key = nullptr;
    for (const traffic_slot& slot : cpus) {
        if (slot.key.owner == OWNER_NONE)
            continue;
        key = &slot.key;
        add(row.counters, slot);
    }
    if (!key)
        return false;
    row.process = decode_owner(key->owner);
    row.interface = {key->netns, key->ifindex & ~IFINDEX_COPY};
    row.copy = (key->ifindex & IFINDEX_COPY) != 0;
    return true;
}

KernelIdentity decode_identity(std::uint64_t owner, const process_identity& from) {
    KernelIdentity identity;
    identity.process = decode_owner(owner);
    identity.comm = printable(std::string_view(from.comm, strnlen(from.comm, sizeof(from.comm))));
    identity.exe = decode_exe(from);
    identity.cgroup_id = from.cgroup_id;
    identity.uid = from.uid;
    identity.parent_pid = from.parent_pid;
    identity.exec_count = from.exec_count;
    identity.exited = from.exited_ns != 0;
    return identity;
}

} // namespace

TrafficSlots::TrafficSlots(BpfPrograms& programs)
    : programs_(programs)
    , slots_fd_(bpf_map__fd(programs.map("slots")))
    , slot_of_fd_(bpf_map__fd(programs.map("slot_of")))
    , identities_fd_(bpf_map__fd(programs.map("identities")))
    , cpus_(static_cast<std::size_t>(std::max(1, libbpf_num_possible_cpus()))) {}

std::uint64_t TrafficSlots::lost_bytes() const {
    return __atomic_load_n(&programs_.globals().lost_bytes, __ATOMIC_RELAXED);
}

std::uint64_t TrafficSlots::lost_events() const {
    return __atomic_load_n(&programs_.globals().lost_packets, __ATOMIC_RELAXED) +
           __atomic_load_n(&programs_.globals().lost_identities, __ATOMIC_RELAXED);
}

Result<void> TrafficSlots::read(TrafficReading& reading) {
    ++read_number_;
    if (auto done = read_slots(); !done)
        return done;
    if (auto done = read_identities(); !done)
        return done;
    reading.rows.reserve(slots_.size());
    for (const Slot& slot : slots_)
        reading.rows.push_back(slot.row);
    std::ranges::sort(reading.rows, {},
                      [](const TrafficRow& row) { return std::tuple(row.process, row.interface, row.copy); });
    reading.identities = identities_;
    retire();
    return {};
}

// One call for many slots where the kernel has it for per-CPU arrays (5.13), else one for each.
Result<std::uint32_t> TrafficSlots::read_batch(std::uint32_t first, std::uint32_t count) {
    if (has_batch_) {
        std::uint32_t position = first - 1; // the kernel starts behind the key that it is given
        int failed = bpf_map_lookup_batch(slots_fd_, first == 0 ? nullptr : &position, &position,
                                          index_buffer_.data(), buffer_.data(), &count, nullptr);
        if (failed == 0 || errno == ENOENT)
            return count;
        has_batch_ = false;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        index_buffer_[i] = first + i;
        if (bpf_map_lookup_elem(slots_fd_, &index_buffer_[i], &buffer_[i * cpus_]) != 0)
            return map_error("reading the BPF map slots");
    }
    return count;
}

Result<void> TrafficSlots::read_slots() {
    slots_.clear();
    // A CPU that gives a slot up may have made another one take the slot above it.
    std::uint32_t given_up = std::min(__atomic_load_n(&programs_.globals().slots_given_up, __ATOMIC_RELAXED),
                                      static_cast<std::uint32_t>(most_racers_of_a_cpu * cpus_));
    most_taken_ = std::max(most_taken_, __atomic_load_n(&programs_.globals().slots_taken, __ATOMIC_RELAXED));
    std::uint32_t high = std::min(most_taken_ + given_up, bpf_map__max_entries(programs_.map("slots")));
    buffer_.resize(batch * cpus_);
    index_buffer_.resize(batch);
    for (std::uint32_t first = 0; first < high; first += batch) {
        auto count = read_batch(first, std::min(batch, high - first));
        if (!count)
            return std::move(count).error();
        for (std::uint32_t i = 0; i < *count; ++i) {
            Slot slot{};
            if (!sum_of_cpus(std::span(buffer_).subspan(i * cpus_, cpus_), slot.row))
                continue;
            slot.index = index_buffer_[i];
            slot.owner = owner_of(slot.row.process);
            slots_.push_back(slot);
        }
    }
    std::ranges::sort(slots_, {}, &Slot::owner);
    return {};
}

std::span<const TrafficSlots::Slot> TrafficSlots::slots_of(std::uint64_t owner) const {
    return {std::ranges::lower_bound(slots_, owner, {}, &Slot::owner),
            std::ranges::upper_bound(slots_, owner, {}, &Slot::owner)};
}

Result<void> TrafficSlots::read_identities() {
    std::uint64_t changes = __atomic_load_n(&programs_.globals().identity_changes, __ATOMIC_RELAXED);
    if (changes == identity_changes_seen_)
        return {};
    identity_changes_seen_ = changes;
    identities_.clear();
    std::vector<process_identity> values(batch);
    std::vector<std::uint64_t> owners(batch);
    std::uint32_t position = 0;
    for (bool first = true, more = true; more; first = false) {
        std::uint32_t count = batch;
        int failed = bpf_map_lookup_batch(identities_fd_, first ? nullptr : &position, &position,
                                          owners.data(), values.data(), &count, nullptr);
        if (failed != 0 && errno != ENOENT)
            return map_error("reading the BPF map identities");
        more = failed == 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            identities_.push_back(decode_identity(owners[i], values[i]));
            if (identities_.back().exited)
                retiring_.try_emplace(owners[i]);
        }
    }
    std::ranges::sort(identities_, {}, &KernelIdentity::process);
    return {};
}

bool TrafficSlots::take_changes(std::uint64_t owner) {
    bool changed = false;
    for (const Slot& slot : slots_of(owner)) {
        std::uint64_t packets = slot.row.counters.rx_packets + slot.row.counters.tx_packets;
        auto [it, first_sight] = retiring_packets_.try_emplace(slot.index, packets);
        changed = changed || first_sight || it->second != packets;
        it->second = packets;
    }
    return changed;
}

void TrafficSlots::retire() {
    for (auto it = retiring_.begin(); it != retiring_.end();) {
        auto& [owner, state] = *it;
        state.quiet_reads = take_changes(owner) ? 0 : state.quiet_reads + 1;
        if (state.unlinked && state.quiet_reads > 0) {
            clear(owner);
            it = retiring_.erase(it);
            continue;
        }
        if (!state.unlinked && state.quiet_reads >= quiet_reads_to_retire) {
            unlink(owner);
            state.unlinked = true;
        }
        ++it;
    }
}

void TrafficSlots::unlink(std::uint64_t owner) {
    for (const Slot& slot : slots_of(owner)) {
        std::uint32_t ifindex = slot.row.interface.ifindex | (slot.row.copy ? IFINDEX_COPY : 0);
        traffic_key key{owner, slot.row.interface.netns, ifindex};
        bpf_map_delete_elem(slot_of_fd_, &key);
    }
}

void TrafficSlots::clear(std::uint64_t owner) {
    const std::vector<traffic_slot> empty(cpus_);
    int free_slots = bpf_map__fd(programs_.map("free_slots"));
    for (const Slot& slot : slots_of(owner)) {
        if (bpf_map_update_elem(slots_fd_, &slot.index, empty.data(), BPF_ANY) != 0)
            continue;
        bpf_map_update_elem(free_slots, nullptr, &slot.index, BPF_ANY);
        // More may have been taken since this read began than there will be when the next one does.
        most_taken_ =
            std::max(most_taken_, __atomic_fetch_sub(&programs_.globals().slots_taken, 1, __ATOMIC_RELAXED));
        retiring_packets_.erase(slot.index);
    }
    bpf_map_delete_elem(identities_fd_, &owner);
    identity_changes_seen_ = UINT64_MAX;
}

void TrafficSlots::set_mtus(const LinksReading& links) {
    std::size_t present = set_mtus(links.netns, links.links);
    for (const NamespaceLinks& other : links.others)
        present += set_mtus(other.netns, other.links);
    if (mtus_.size() == present)
        return;
    int fd = bpf_map__fd(programs_.map("mtus"));
    std::erase_if(mtus_, [&](const auto& entry) { // links that are gone, or else churn would fill the map
        const auto& [id, mtu] = entry;
        if (mtu.seen == read_number_)
            return false;
        mtu_key key{id.netns, id.ifindex};
        bpf_map_delete_elem(fd, &key);
        return true;
    });
}

std::size_t TrafficSlots::set_mtus(std::uint32_t netns, const std::vector<LinkRecord>& links) {
    int fd = bpf_map__fd(programs_.map("mtus"));
    for (const LinkRecord& link : links) {
        auto [known, added] = mtus_.try_emplace({netns, link.ifindex});
        Mtu& mtu = known->second;
        mtu.seen = read_number_;
        if (!added && mtu.bytes == link.mtu)
            continue;
        mtu_key key{netns, link.ifindex};
        // without room the fragments of this link are not known, which is no reason to stop counting
        mtu.bytes = bpf_map_update_elem(fd, &key, &link.mtu, BPF_ANY) == 0 ? link.mtu : 0;
        auto& smallest = programs_.globals().smallest_mtu;
        if (link.mtu != 0 && link.mtu < smallest)
            smallest = link.mtu;
    }
    return links.size();
}

} // namespace sockledger
