// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <map>
#include <sys/types.h>

namespace sockledger::test {

/// Payload that one process has moved, by the results of its own system calls.
struct PeerBytes {
    pid_t pid = 0;
    std::uint64_t tx = 0;
    std::uint64_t rx = 0;
};

struct PeerReport {
    std::vector<PeerBytes> processes; ///< each process of the peer that has reported
    std::uint64_t tx = 0;             ///< sum of the processes
    std::uint64_t rx = 0;

    const PeerBytes* process(pid_t pid) const;
};

/// A traffic_peer in a namespace: one end of a scenario. What it says is in traffic/control.hpp; a
/// line that does not come in time, or FAIL, is thrown as std::runtime_error with what was said.
class Peer {
public:
    /// Starts `traffic_peer ARGUMENTS`: {"tcp-bulk", "client", "peer=192.0.2.2", "bytes=1000"}.
    Peer(const Namespace& space, std::vector<std::string> arguments);
    /// The same of a copy of traffic_peer, which is another application.
    Peer(const Namespace& space, const std::string& program, std::vector<std::string> arguments);
    /// Kills what is left.
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    pid_t pid() const { return pid_; }

    /// Waits for the line that begins with `word`, past all others but FAIL, and gives back the line.
    std::string expect(const std::string& word);
    void ready() { expect("READY"); }
    void go() { tell("GO"); }
    /// Waits until the traffic is over.
    PeerReport finished();
    /// tcp_info of the peer's one connection now: "segs_out", "bytes_acked", ... (traffic/control.cpp).
    std::map<std::string, std::uint64_t> tcp_info();
    /// Tells it to close its sockets in order and to end, if it has not ended by itself.
    void leave();
    /// Waits for its end and gives back its exit status.
    int wait();

private:
    void tell(const std::string& line);
    /// Waits for its end: as waitpid(2) tells it.
    int reap();
    std::string next_line(std::chrono::steady_clock::time_point deadline);

    std::string command_;
    UniqueFd input_;
    UniqueFd output_;
    std::string unread_;
    PeerReport report_;
    pid_t pid_ = -1;
    bool running_ = false;
};

/// A copy of traffic_peer at this path.
void copy_traffic_peer(const std::string& path);

/// Lets two that are ready move what they have to: what the client says of it.
PeerReport exchange(Peer& client, Peer& server);

/// Lets all close in order: none waits for one that has not been told.
void leave_together(const std::vector<Peer*>& peers);

} // namespace sockledger::test
