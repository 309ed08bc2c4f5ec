// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "bench/measure.hpp"
#include "support/netns.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

/// Other programs, run inside a namespace so that they see what we see.
namespace sockledger::bench {

/// The path of a program; empty when the machine does not have it.
std::string find_program(const std::string& name);

/// A running program; what it writes is kept in memory. Killed, if it still runs, when this object goes.
class Tool {
public:
    Tool(const test::Namespace& space, const std::vector<std::string>& command);
    ~Tool();
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;

    struct End {
        int status = 0; ///< exit status; -1 when a signal ended it
        Cost cost;
    };
    /// Waits for its end; nothing when it did not come within `limit`.
    std::optional<End> wait(std::chrono::milliseconds limit);
    /// Everything that it has written to its standard output until now.
    std::string output() const;
    void interrupt() const;
    pid_t pid() const { return pid_; }

private:
    UniqueFd output_;
    UniqueFd process_;
    std::chrono::steady_clock::time_point begin_;
    pid_t pid_ = -1;
};

} // namespace sockledger::bench
