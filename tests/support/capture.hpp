// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"
#include "support/packet.hpp"

#include <compare>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace sockledger::test {

enum class Direction { Rx, Tx };

struct PacketCount {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0; ///< with the Ethernet header, as the device counts them
    bool operator==(const PacketCount&) const = default;
};

/// What a capture has seen on its device.
class PacketTally {
public:
    struct Key {
        Direction direction = Direction::Rx;
        PacketClass kind = PacketClass::Other;
        std::uint16_t local_port = 0; ///< 0 without ports
        std::uint16_t remote_port = 0;
        auto operator<=>(const Key&) const = default;
    };

    void add(const Key& key, std::uint64_t bytes);

    PacketCount total(Direction direction) const;
    /// Only those of `kind`, and of those only the ones with `port` at either end.
    PacketCount of(Direction direction, PacketClass kind, std::optional<std::uint16_t> port = {}) const;

    std::uint64_t kernel_drops = 0; ///< PACKET_STATISTICS: packets that are missing in this tally
    bool complete = true;           ///< false: the reader did not catch up with the kernel in time

    /// One line per direction and class, to explain a failed comparison.
    std::string to_string() const;

private:
    std::map<Key, PacketCount> counts_;
};

/// Counts every packet of one device from construction to destruction, through AF_PACKET: the count
/// that is independent of the code under test. After segmentation on the way out, after GRO on the
/// way in. Threads: one.
class Capture {
public:
    Capture(const Namespace& space, const std::string& device);
    explicit Capture(const VethEnd& end) : Capture(*end.space, end.device) {}
    ~Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    /// Everything that the kernel has captured until now.
    PacketTally tally();

private:
    void open_ring(const std::string& device);
    void read_ring();
    void read_block(std::uint8_t* block);
    void count(const std::uint8_t* frame, std::size_t captured, std::size_t length, bool outgoing);
    PacketClass closing_class(const Packet& packet, PacketClass kind);

    UniqueFd socket_;
    UniqueFd stop_;
    std::uint8_t* ring_ = nullptr;
    std::thread reader_;

    std::mutex mutex_; ///< guards what follows
    std::condition_variable progress_;
    PacketTally tally_;
    std::uint64_t seen_ = 0;
    std::uint64_t captured_by_kernel_ = 0;
    std::map<std::string, std::set<std::string>> fins_; ///< connection → the sides that sent a FIN
};

} // namespace sockledger::test
