// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/accounts.hpp"
#include "engine/interface_books.hpp"
#include "samplers/reading.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sockledger {

/// The socket table: one connection for each socket, however many descriptors and processes hold it.
///
/// What a connection has moved are the network-layer bytes that the kernel counted for the socket
/// (Exact; which link each of them took, and so its link header, is not known), else the payload of
/// tcp_info (Partial), else nothing is known. Packets are not counted here.
class ConnectionTable {
public:
    struct Time {
        std::chrono::nanoseconds now{};      ///< of the table, CLOCK_BOOTTIME
        std::chrono::nanoseconds interval{}; ///< since the table before
    };

    /// Turns a fresh socket table into `connections`, and counts the sockets of each process and
    /// application. `interfaces` say which addresses are ours. With `book_payload` it also adds the TCP
    /// payload that moved since the last table to those who hold the sockets, and to the interface that has
    /// the local address: what can be known when nobody counts packets.
    void read(const std::vector<SocketRecord>& sockets, const Time& time, bool book_payload,
              InterfaceBooks& interfaces, Accounts& accounts, std::vector<Connection>& connections);

    /// Adds the last payload of sockets that were destroyed after the first table. One that no table has
    /// shown belongs to the unknown application: whose it was cannot be known any more.
    void read_closed(const std::vector<SocketRecord>& closed, InterfaceBooks& interfaces, Accounts& accounts);

private:
    using Records = std::span<const SocketRecord* const>; // those of one socket

    struct Step {
        std::uint64_t rx_bytes = 0;
        std::uint64_t tx_bytes = 0;
        Step& operator+=(const Step& other) {
            rx_bytes += other.rx_bytes;
            tx_bytes += other.tx_bytes;
            return *this;
        }
    };
    /// What is remembered of a socket from one table to the next.
    struct Entry {
        ConnectionId id;
        std::uint64_t rx_bytes = 0; // totals as shown
        std::uint64_t tx_bytes = 0;
        std::uint64_t tcp_rx_bytes = 0; // SocketRecord's at the last table
        std::uint64_t tcp_tx_bytes = 0;
        std::chrono::nanoseconds first_seen{};
        std::chrono::nanoseconds last_seen{};
        Step unbooked;    // payload that waits for a holder
        ProcessId holder; // the last that was seen; gets what moves after it let go
        std::uint16_t local_port = 0;
        Protocol protocol = Protocol::Other;
        Accuracy accuracy = Accuracy::Unavailable;
        bool has_start = false; // tcp_*_bytes are where its payload is counted from
        bool held = false;      // was in the last table
        bool closed = false;    // destroyed: nothing comes any more
    };

    static ConnectionId id_of(const SocketRecord& record);
    static bool is_same_socket(const Entry& entry, const SocketRecord& record);
    static void count(Records records, Accounts& accounts);
    static void book(Entry& entry, const Accounts::Place& place, InterfaceBooks& interfaces,
                     Accounts& accounts);
    static Traffic traffic_of(const Entry& before, const Entry& now, std::chrono::nanoseconds interval);
    Step update(Entry& entry, const SocketRecord& record, bool is_new) const;
    void keep_for_now(Entry& entry, std::chrono::nanoseconds now, bool book_payload);

    std::vector<Entry> entries_; // sorted by id
    std::vector<Entry> next_;    // while reading; keeps its memory
    bool begun_ = false;
};

} // namespace sockledger
