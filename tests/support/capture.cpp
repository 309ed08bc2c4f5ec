// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/capture.hpp"

#include "support/checked.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sstream>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

namespace sockledger::test {
namespace {

constexpr std::uint32_t block_size = 1U << 18;
constexpr std::uint32_t block_count = 64;
constexpr std::uint32_t snap_length = 192; // Ethernet, IPv6 with options, and TCP with its options

/// The name of one side of a connection, and of the connection whichever side speaks.
std::pair<std::string, std::string> sides(const Packet& packet) {
    const std::size_t half = packet.addresses.size() / 2;
    const std::string source = packet.addresses.substr(0, half) + ':' + std::to_string(packet.source_port);
    const std::string peer = packet.addresses.substr(half) + ':' + std::to_string(packet.destination_port);
    return {source, std::min(source, peer) + '|' + std::max(source, peer)};
}

} // namespace

void PacketTally::add(const Key& key, std::uint64_t bytes) {
    PacketCount& count = counts_[key];
    ++count.packets;
    count.bytes += bytes;
}

PacketCount PacketTally::total(Direction direction) const {
    PacketCount sum;
    for (const auto& [key, count] : counts_) {
        if (key.direction == direction) {
            sum.packets += count.packets;
            sum.bytes += count.bytes;
        }
    }
    return sum;
}

PacketCount PacketTally::of(Direction direction, PacketClass kind, std::optional<std::uint16_t> port) const {
    PacketCount sum;
    for (const auto& [key, count] : counts_) {
        if (key.direction == direction && key.kind == kind &&
            (!port || key.local_port == *port || key.remote_port == *port)) {
            sum.packets += count.packets;
            sum.bytes += count.bytes;
        }
    }
    return sum;
}

std::string PacketTally::to_string() const {
    std::ostringstream out;
    for (const Direction direction : {Direction::Rx, Direction::Tx}) {
        for (int kind = 0; kind <= static_cast<int>(PacketClass::Other); ++kind) {
            const PacketCount count = of(direction, static_cast<PacketClass>(kind));
            if (count.packets)
                out << (direction == Direction::Rx ? "rx " : "tx ")
                    << test::to_string(static_cast<PacketClass>(kind)) << ": " << count.packets
                    << " packets, " << count.bytes << " bytes\n";
        }
    }
    return out.str();
}

Capture::Capture(const Namespace& space, const std::string& device)
    : stop_(checked(eventfd(0, EFD_CLOEXEC), "eventfd")) {
    space.run([&] { open_ring(device); });
    reader_ = std::thread([this] { read_ring(); });
}

Capture::~Capture() {
    eventfd_write(stop_.get(), 1);
    reader_.join();
    munmap(ring_, std::size_t(block_size) * block_count);
}

void Capture::open_ring(const std::string& device) {
    // Protocol 0: nothing arrives before the ring is there and bound to its device.
    socket_ = UniqueFd(checked(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), "socket(AF_PACKET)"));
    const auto set = [&](int level, int option, const auto& value, const char* what) {
        checked(setsockopt(socket_.get(), level, option, &value, sizeof value), what);
    };
    set(SOL_PACKET, PACKET_VERSION, int(TPACKET_V3), "PACKET_VERSION");
    sock_filter cut_off{BPF_RET | BPF_K, 0, 0, snap_length};
    set(SOL_SOCKET, SO_ATTACH_FILTER, sock_fprog{1, &cut_off}, "SO_ATTACH_FILTER");
    tpacket_req3 request{};
    request.tp_block_size = block_size;
    request.tp_block_nr = block_count;
    request.tp_frame_size = 2048;
    request.tp_frame_nr = block_size / 2048 * block_count;
    request.tp_retire_blk_tov = 5;
    set(SOL_PACKET, PACKET_RX_RING, request, "PACKET_RX_RING");
    void* memory = mmap(nullptr, std::size_t(block_size) * block_count, PROT_READ | PROT_WRITE, MAP_SHARED,
                        socket_.get(), 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mmap(AF_PACKET)");
    ring_ = static_cast<std::uint8_t*>(memory);

    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(if_nametoindex(device.c_str()));
    if (address.sll_ifindex == 0)
        throw std::runtime_error("no device " + device);
    checked(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "bind(AF_PACKET)");
}

void Capture::read_ring() {
    for (std::uint32_t next = 0;; next = (next + 1) % block_count) {
        std::uint8_t* block = ring_ + std::size_t(block_size) * next;
        auto& status = reinterpret_cast<tpacket_block_desc*>(block)->hdr.bh1.block_status;
        while (!(__atomic_load_n(&status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
            pollfd waiting[]{{socket_.get(), POLLIN | POLLERR, 0}, {stop_.get(), POLLIN, 0}};
            poll(waiting, 2, -1);
            if (waiting[1].revents)
                return;
        }
        read_block(block);
        __atomic_store_n(&status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    }
}

void Capture::read_block(std::uint8_t* block) {
    const auto& header = reinterpret_cast<const tpacket_block_desc*>(block)->hdr.bh1;
    const std::lock_guard lock(mutex_);
    const std::uint8_t* at = block + header.offset_to_first_pkt;
    for (std::uint32_t i = 0; i < header.num_pkts; ++i) {
        const auto& packet = *reinterpret_cast<const tpacket3_hdr*>(at);
        const auto& link = *reinterpret_cast<const sockaddr_ll*>(at + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
        count(at + packet.tp_mac, packet.tp_snaplen, packet.tp_len, link.sll_pkttype == PACKET_OUTGOING);
        at += packet.tp_next_offset;
    }
    progress_.notify_all();
}

void Capture::count(const std::uint8_t* frame, std::size_t captured, std::size_t length, bool outgoing) {
    const Packet packet = parse_packet(frame, captured);
    PacketTally::Key key;
    key.direction = outgoing ? Direction::Tx : Direction::Rx;
    key.kind = closing_class(packet, packet.kind);
    key.local_port = outgoing ? packet.source_port : packet.destination_port;
    key.remote_port = outgoing ? packet.destination_port : packet.source_port;
    tally_.add(key, length);
    ++seen_;
}

PacketClass Capture::closing_class(const Packet& packet, PacketClass kind) {
    if (kind == PacketClass::TcpSyn) {
        fins_.erase(sides(packet).second); // ports are used again
        return kind;
    }
    if (!packet.fin && kind != PacketClass::TcpAck)
        return kind;
    const auto [source, connection] = sides(packet);
    const auto known = fins_.find(connection);
    if (kind == PacketClass::TcpAck)
        return known != fins_.end() && known->second.size() == 2 ? PacketClass::TcpFinAck : kind;
    auto& finished = fins_[connection];
    const bool second = !finished.empty() && !finished.contains(source);
    finished.insert(source);
    return kind == PacketClass::TcpFin && second ? PacketClass::TcpFin2 : kind;
}

PacketTally Capture::tally() {
    tpacket_stats_v3 statistics{};
    socklen_t size = sizeof statistics;
    checked(getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &statistics, &size),
            "PACKET_STATISTICS");
    std::unique_lock lock(mutex_);
    tally_.kernel_drops += statistics.tp_drops; // the kernel starts again at zero
    captured_by_kernel_ += statistics.tp_packets - statistics.tp_drops;
    tally_.complete =
        progress_.wait_for(lock, std::chrono::seconds(5), [this] { return seen_ >= captured_by_kernel_; });
    return tally_;
}

} // namespace sockledger::test
