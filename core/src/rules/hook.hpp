// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>
#include <sockledger/rules.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace sockledger {

/// A program that is run when an alert begins and when it ends. Never through a shell: each argument
/// reaches the program as it is written, and what an alert says reaches it in the environment only.
struct HookCommand {
    std::vector<std::string> argv; ///< argv[0] is an absolute path; empty: no command
    std::string user;              ///< who it runs as; empty: whoever this process is
    bool operator==(const HookCommand&) const = default;
};

/// Whether this process could run it, as far as is known before it does; the Error is one line for a
/// person. Threads: any.
Result<void> validate(const HookCommand& command);

struct HookLimits {
    std::size_t running = 4;                                  ///< at a time; what comes on top is not run
    std::chrono::milliseconds time{std::chrono::seconds(30)}; ///< then it is killed, and its session with it
};

/// Runs commands and gathers them when they end. They get an environment of PATH and the SOCKLEDGER_…
/// variables, /dev/null as input, this process's output, a session of their own, and no capability that
/// they could ever use. Threads: the one that runs the io_context.
class HookRunner {
public:
    using Log = std::function<void(const std::string& problem)>;

    /// `log` hears of each command that was not run, was killed, or failed.
    HookRunner(boost::asio::io_context& context, Log log, HookLimits limits = {});
    /// Leaves what still runs to itself.
    ~HookRunner();
    HookRunner(const HookRunner&) = delete;
    HookRunner& operator=(const HookRunner&) = delete;

    /// Returns at once. Everything that goes wrong, then or later, is logged.
    void run(const Alert& alert, const HookCommand& command);

    std::size_t running() const { return runs_.size(); }
    std::uint64_t dropped() const { return dropped_; } ///< because too many were running

private:
    struct Run;

    Result<void> start(const Alert& alert, const HookCommand& command);
    void finish(Run& run);

    boost::asio::io_context& context_;
    Log log_;
    HookLimits limits_;
    std::vector<std::shared_ptr<Run>> runs_; ///< shared with nobody: handlers ask whether it is still here
    std::uint64_t dropped_ = 0;
};

} // namespace sockledger
