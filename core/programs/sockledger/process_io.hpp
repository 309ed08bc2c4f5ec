// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <chrono>
#include <span>
#include <string_view>

struct pollfd;

/// The program's dealings with the process that it is: signals, waiting, writing.
namespace sockledger::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into an answer of wait(). Outside wait() they are held back, and so is
/// SIGWINCH, so that none gets lost between a look and a wait.
class Interrupts {
public:
    Interrupts();

    /// Until a descriptor is ready, `timeout` has passed (negative: never), or a signal came.
    /// `descriptors` have their revents set. Threads: the one that made this.
    void wait(std::span<pollfd> descriptors, std::chrono::nanoseconds timeout);
    /// The signal that asks to end, else 0.
    int ended_by() const;
};

/// A descriptor to write to; a closed pipe is Error::code EPIPE.
class Output {
public:
    explicit Output(int fd) : fd_(fd) {}

    Result<void> write(std::string_view text) const;
    int fd() const { return fd_; }
    bool is_terminal() const;
    /// Columns of the terminal; as many as the text needs when it is none.
    int width() const;

private:
    int fd_;
};

} // namespace sockledger::cli
