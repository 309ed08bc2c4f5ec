// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "input.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace sockledger::netdata {

struct FunctionAnswer {
    int status = 200;
    std::string body;         ///< JSON
    std::int64_t expires = 0; ///< seconds since the epoch
};

/// Runs what Netdata calls, each call in a thread of its own, so that a slow one holds up no other.
/// Every call gets one answer: the function's, 404 for one that is not known, 499 when nobody waits any
/// more, 503 when too many are running, 504 when it took too long.
class Functions {
public:
    using Clock = std::chrono::steady_clock;
    using Handler = std::function<FunctionAnswer(const Request&)>;
    using Write = std::function<void(std::string_view)>;

    static constexpr std::size_t most_at_once = 8;

    /// `write` gets whole blocks and is called from any thread; handlers run in any thread.
    Functions(std::map<std::string, Handler> handlers, Write write,
              std::chrono::seconds default_timeout = std::chrono::seconds(10));
    /// Waits for the calls that are running.
    ~Functions() = default;
    Functions(const Functions&) = delete;
    Functions& operator=(const Functions&) = delete;

    /// Call, Cancel or Progress; anything else is nothing. Threads: one at a time.
    void handle(Request request);

private:
    struct Running {
        std::string transaction;
        std::atomic<bool> cancelled{false};
        std::atomic<bool> done{false};
        std::atomic<Clock::rep> deadline{0};
        std::jthread thread;
    };
    void call(Request request);
    void run(Running& running, const Handler& handler, const Request& request);
    void answer(const std::string& transaction, const FunctionAnswer& answer);

    const std::map<std::string, Handler> handlers_;
    const Write write_;
    const std::chrono::seconds default_timeout_;
    std::list<Running> running_; // of handle() alone
};

/// What was chosen for `name`: the argument "name:value", or the first of "selections" in the payload; else
/// empty. Threads: any.
std::string selection_of(const Request& request, std::string_view name);
bool asks_for_info(const Request& request);

} // namespace sockledger::netdata
