// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"
#include "service/varlink_message.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sockledger {

/// A message on its way, perhaps to many clients at once.
using Message = std::shared_ptr<const std::string>;

/// One client's connection: calls in, answers out, one call at a time and in order. It reads no further
/// call before the last answer has left, so a client can make us hold one answer, not more; streams
/// look at drained() before they send. Threads: that of the io_context.
class Session : public std::enable_shared_from_this<Session> {
public:
    using Clock = std::chrono::steady_clock;

    struct Handlers {
        /// Has to lead to exactly one reply() or error(), now or later, or to begin_stream().
        std::function<void(const std::shared_ptr<Session>&, varlink::Call)> call;
        std::function<void(const std::shared_ptr<Session>&)> closed;
    };

    /// The longest call, in bytes.
    static constexpr std::size_t longest_call = 64 << 10;
    /// A stream that is behind by more than this is broken off.
    static constexpr std::size_t most_waiting = 4 << 20;

    Session(boost::asio::io_context& loop, UniqueFd connection, Handlers handlers);

    void start();
    /// Answers the call and goes on to the next. `parameters` is the text of a JSON object.
    void reply(std::string_view parameters);
    void reply(Message message);
    /// The same with an error, by its whole name.
    void error(std::string_view name, const boost::json::object& parameters = {});
    /// The call has many answers, and there is no other call from now on.
    void begin_stream();
    void push(Message message);

    /// Everything has been handed to the kernel.
    bool drained() const { return out_.empty(); }
    bool closed() const { return !socket_.is_open(); }
    /// Since when the client has not taken what waits for it; max() when nothing does.
    Clock::time_point stalled_since() const { return drained() ? Clock::time_point::max() : progress_; }
    /// Breaks off. No handler is called afterwards but `closed`, once.
    void close();

private:
    void read();
    void on_readable();
    void next_call();
    void write();
    void send(Message message);

    boost::asio::local::stream_protocol::socket socket_;
    Handlers handlers_;
    varlink::Splitter in_{longest_call};
    std::deque<Message> out_;
    std::size_t out_bytes_ = 0; // of out_, with what of its front has left already
    std::size_t sent_ = 0;      // of out_.front()
    Clock::time_point progress_{};
    bool reading_ = false;
    bool ended_ = false;     // the client sends no more
    bool answering_ = false; // a call waits for its answer
    bool oneway_ = false;    // and gets none
    bool streaming_ = false;
    bool posted_ = false; // next_call() is about to run
};

/// Forgets those who have left.
void erase_closed(std::vector<std::weak_ptr<Session>>& sessions);

} // namespace sockledger
