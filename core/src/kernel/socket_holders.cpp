// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/socket_holders.hpp"

#include "kernel/files.hpp"
#include "kernel/procfs.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sockledger {

namespace {

std::optional<struct stat> stat_of_table(int procfs, std::uint32_t pid) {
    struct stat info {};
    const auto path = std::to_string(pid) + "/fd";
    return fstatat(procfs, path.c_str(), &info, 0) == 0 ? std::optional(info) : std::nullopt;
}

std::optional<std::uint64_t> socket_behind(int directory, const char* fd) {
    std::array<char, 64> target; // the name of a socket is shorter
    const ssize_t size = readlinkat(directory, fd, target.data(), target.size());
    return size > 0 ? parse_socket_link({target.data(), static_cast<std::size_t>(size)}) : std::nullopt;
}

} // namespace

/// The sockets that are looked for, and which of them were found.
class SocketHolders::Wanted {
public:
    explicit Wanted(std::span<const std::uint64_t> inodes) {
        found_.reserve(inodes.size());
        for (const auto inode : inodes) {
            found_.emplace(inode, false);
        }
    }

    bool contains(std::uint64_t inode) const { return found_.contains(inode); }

    bool mark(std::uint64_t inode) {
        const auto it = found_.find(inode);
        if (it != found_.end()) {
            it->second = true;
        }
        return it != found_.end();
    }

    /// What was not found, without `known`, sorted.
    std::vector<std::uint64_t> missing(const std::vector<std::uint64_t>& known) const {
        std::vector<std::uint64_t> inodes;
        for (const auto& [inode, found] : found_) {
            if (!found && !std::ranges::binary_search(known, inode)) {
                inodes.push_back(inode);
            }
        }
        std::ranges::sort(inodes);
        return inodes;
    }

private:
    boost::unordered_flat_map<std::uint64_t, bool> found_;
};

std::vector<SocketHolders::Descriptor> SocketHolders::read_descriptors(int directory, const Table& old,
                                                                       Wanted& wanted, Trust trust) {
    std::vector<Descriptor> sockets;
    // What was readable before the process was gone is all there is.
    (void)for_each_entry(directory, [&](const char* name) {
        const auto fd = parse_number(name);
        if (!fd) {
            return;
        }
        Descriptor socket{.fd = static_cast<std::uint32_t>(*fd)};
        const auto known = std::ranges::lower_bound(old.sockets, socket.fd, {}, &Descriptor::fd);
        const bool trusted = trust == Trust::ListedSockets && known != old.sockets.end() &&
                             known->fd == socket.fd && known->listed && wanted.contains(known->inode);
        if (trusted) {
            socket.inode = known->inode;
        } else if (const auto inode = socket_behind(directory, name); ++links_read_, inode) {
            socket.inode = *inode;
        } else {
            return;
        }
        socket.listed = wanted.mark(socket.inode);
        sockets.push_back(socket);
    });
    std::ranges::sort(sockets, {}, &Descriptor::fd);
    return sockets;
}

void SocketHolders::walk(int procfs, std::uint32_t pid, Table& table, Wanted& wanted, Trust trust) {
    table.walked = generation_;
    const auto directory = open_directory(procfs, (std::to_string(pid) + "/fd").c_str());
    if (!directory) {
        const auto seen = stat_of_table(procfs, pid);
        table.hidden = seen && directory.error().code == EACCES;
        table.directory = seen ? seen->st_ino : 0; // hidden until it is another process, or changes
        table.sockets.clear();
        return;
    }
    ++tables_read_;
    struct stat info {};
    fstat(directory->get(), &info);
    if (table.hidden || table.directory != info.st_ino) {
        const auto process = open_directory(directory->get(), "..");
        const auto stat = process ? read_stat(process->get()) : std::nullopt;
        if (!stat) {
            table.sockets.clear();
            return; // gone: the next call does not meet it any more
        }
        table.start_ticks = stat->start_ticks;
        table.hidden = false;
        table.sockets.clear();
    }
    table.directory = info.st_ino;
    table.sockets = read_descriptors(directory->get(), table, wanted, trust);
}

// Reads the tables that are new or have changed, forgets those of processes that are gone, and marks
// what the others hold.
void SocketHolders::refresh(int procfs, Wanted& wanted) {
    std::vector<std::uint32_t> changed;
    for (const auto pid : list_pids(procfs)) {
        const auto info = stat_of_table(procfs, pid);
        if (!info) {
            continue;
        }
        Table& table = tables_[pid];
        const bool same = table.directory == info->st_ino;
        const bool gave_up = std::ranges::any_of(table.sockets, [&](const Descriptor& socket) {
            return socket.listed && !wanted.contains(socket.inode);
        });
        const auto count = static_cast<std::uint64_t>(info->st_size);
        const bool resized = table.count != count;
        table.generation = generation_;
        table.count = count; // of before the walk: what changes meanwhile shows at the next call
        if (!same || gave_up || resized) {
            changed.push_back(pid);
        } else {
            for (auto& socket : table.sockets) {
                socket.listed = wanted.mark(socket.inode);
            }
        }
    }
    for (const auto pid : changed) {
        walk(procfs, pid, tables_[pid], wanted, Trust::ListedSockets);
    }
    std::erase_if(tables_, [&](const auto& entry) { return entry.second.generation != generation_; });
}

// Looks for what refresh() has not found.
void SocketHolders::search(int procfs, Wanted& wanted) {
    const auto walk_rest = [&](Trust trust) {
        for (auto& [pid, table] : tables_) {
            if (!table.hidden && (trust == Trust::Nothing || table.walked != generation_)) {
                walk(procfs, pid, table, wanted, trust);
            }
        }
    };
    struct stat own {};
    const bool counted = fstatat(procfs, "self/fd", &own, 0) == 0 && own.st_size > 0;
    auto missing = wanted.missing(nobodys_);
    if (!missing.empty() && !counted) {
        walk_rest(Trust::ListedSockets);
        missing = wanted.missing(nobodys_);
    }
    // A socket that is just being opened or closed looks like this too, and a search for each would cost
    // more than it finds: what is missing twice is worth it. Then it is nobody's: a socket of the kernel,
    // one in flight between two processes, or one of a process that is hidden from us.
    std::vector<std::uint64_t> twice;
    std::ranges::set_intersection(missing, missing_, std::back_inserter(twice));
    if (generation_ == 1) {
        twice = missing; // everything has just been read
    } else if (!twice.empty()) {
        walk_rest(Trust::Nothing);
        missing = wanted.missing(nobodys_);
        std::erase_if(twice, [&](auto inode) { return !std::ranges::binary_search(missing, inode); });
    }
    missing_ = std::move(missing);
    std::erase_if(nobodys_, [&](auto inode) { return !wanted.contains(inode); });
    nobodys_.insert(nobodys_.end(), twice.begin(), twice.end());
    std::ranges::sort(nobodys_);
}

std::vector<SocketHolding> SocketHolders::find(int procfs, std::span<const std::uint64_t> inodes) {
    ++generation_;
    Wanted wanted(inodes);
    refresh(procfs, wanted);
    search(procfs, wanted);

    std::vector<SocketHolding> holdings;
    hidden_ = 0;
    for (const auto& [pid, table] : tables_) {
        hidden_ += table.hidden;
        for (const auto& socket : table.sockets) {
            if (socket.listed) {
                holdings.push_back({socket.inode, {pid, table.start_ticks}, socket.fd});
            }
        }
    }
    std::ranges::sort(holdings);
    return holdings;
}

} // namespace sockledger
