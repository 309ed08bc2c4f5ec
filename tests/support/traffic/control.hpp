// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/checked.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

/// The talk with the test: lines on standard input and output.
///     out READY      sockets that exist before the traffic are there
///     in  GO         begin
///     out LISTENING  before READY with early=1: the client may connect
///     out BLOCKED    the client has written what the server has to take first
///     out PID p t r  process p has sent t and received r bytes of payload
///     out DONE       the traffic is over; sockets and processes stay until EXIT
///     in  INFO       out TCP name=value...   tcp_info of the socket
///     in  EXIT       close in order and end (so does the end of the input)
///     out FAIL why   at any time
namespace sockledger::traffic {

using test::checked;

/// Payload of one process: what the system calls returned.
struct Payload {
    std::uint64_t tx = 0;
    std::uint64_t rx = 0;
    Payload& operator+=(const Payload& other) {
        tx += other.tx;
        rx += other.rx;
        return *this;
    }
};

/// One line in one write, so that lines of several processes stay whole.
void say(const std::string& line);
/// Says PID for the calling process.
void report(const Payload& payload);

void ready_and_wait();
/// Waits for EXIT; `socket`, when there is one, answers INFO.
void done(int socket = -1);

/// Child processes that do their part of the traffic and then live until they are released.
class Workers {
public:
    Workers();
    ~Workers();

    /// `body` runs in a child; it reports the payload that it returns.
    void start(const std::function<Payload()>& body);
    /// Waits until every body has returned.
    void wait() const;

private:
    test::Pipe finished_;
    test::Pipe alive_;
    std::vector<pid_t> children_;
};

/// A token that goes around among processes, so that they act in turns.
class Turns {
public:
    explicit Turns(std::size_t members);
    void take(std::size_t member) const;
    void pass(std::size_t member) const;

private:
    std::vector<test::Pipe> pipes_;
};

/// Runs `body` in a child that ends with it, and says FAIL for what it throws.
pid_t fork_child(const std::function<void()>& body);
void wait_for_child(pid_t child);

} // namespace sockledger::traffic
