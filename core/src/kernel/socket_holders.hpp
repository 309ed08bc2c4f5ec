// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace sockledger {

/// One descriptor of a process that is a socket.
struct SocketHolding {
    std::uint64_t inode = 0;
    ProcessId process;
    std::uint32_t fd = 0;
    auto operator<=>(const SocketHolding&) const = default;
};

/// Finds the holders of sockets in /proc/PID/fd, and remembers them: a descriptor table is read again
/// only when something shows that it has changed. Threads: one at a time.
class SocketHolders {
public:
    /// Every descriptor that is one of the sockets `inodes`, sorted by inode. A descriptor that came in
    /// place of another one between two calls may be found one call late.
    std::vector<SocketHolding> find(int procfs, std::span<const std::uint64_t> inodes);

    /// Processes whose descriptors may not be read, at the last call.
    std::size_t hidden() const { return hidden_; }
    /// Descriptor tables read and links followed, since construction.
    std::uint64_t tables_read() const { return tables_read_; }
    std::uint64_t links_read() const { return links_read_; }

private:
    struct Descriptor {
        std::uint32_t fd = 0;
        bool listed = false; ///< was one of `inodes`: a socket of another family is none
        std::uint64_t inode = 0;
    };
    struct Table {
        std::uint64_t directory = 0; ///< inode of /proc/PID/fd: a later process of the pid has another
        std::uint64_t count = 0;     ///< its st_size: the number of descriptors since Linux 6.2, 0 before
        std::uint64_t start_ticks = 0;
        bool hidden = false;
        std::uint64_t generation = 0;    ///< of the call that saw the process last
        std::uint64_t walked = 0;        ///< of the call that read it last
        std::vector<Descriptor> sockets; ///< by fd
    };
    enum class Trust { Nothing, ListedSockets }; ///< which descriptors need not be read again
    class Wanted;

    void walk(int procfs, std::uint32_t pid, Table& table, Wanted& wanted, Trust trust);
    std::vector<Descriptor> read_descriptors(int directory, const Table& old, Wanted& wanted, Trust trust);
    void refresh(int procfs, Wanted& wanted);
    void search(int procfs, Wanted& wanted);

    std::unordered_map<std::uint32_t, Table> tables_; ///< by pid
    std::vector<std::uint64_t> missing_;              ///< found nowhere at the last call, sorted
    std::vector<std::uint64_t> nobodys_;              ///< found nowhere by a search of everything, sorted
    std::uint64_t generation_ = 0;
    std::size_t hidden_ = 0;
    std::uint64_t tables_read_ = 0;
    std::uint64_t links_read_ = 0;
};

} // namespace sockledger
