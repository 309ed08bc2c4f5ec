// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/child_user.hpp"
#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sockledger {

struct ChildCommand {
    std::vector<std::string> argv;        ///< argv[0] is the path
    std::vector<std::string> environment; ///< "NAME=value", all of it
    std::optional<ChildUser> user;        ///< absent: that of this process
};

/// A program that runs with nothing of this process but its standard output: no other descriptor, no
/// capability and no way to gain one, no terminal, no signal that is held back or ignored.
/// Threads: one at a time.
class ChildProcess {
public:
    /// Does not wait for the program to be loaded: when that fails, reap() says so.
    static Result<ChildProcess> start(const ChildCommand& command);

    /// Polls readable when the child has ended. Owned by this.
    int fd() const { return pidfd_.get(); }
    /// Kills it, and whatever it started in its session's first process group.
    void kill() const;
    /// Takes the ended child off the process table; waits for its end. The Error says how it failed:
    /// "ended with status 3". To be called once.
    Result<void> reap();

private:
    ChildProcess(pid_t pid, UniqueFd pidfd, UniqueFd failure);

    pid_t pid_;
    UniqueFd pidfd_;
    UniqueFd failure_; ///< read end; tells what kept the program from being loaded
};

} // namespace sockledger
