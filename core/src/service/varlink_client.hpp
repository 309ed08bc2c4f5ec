// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unix_socket.hpp"
#include "service/varlink_message.hpp"

#include <sockledger/result.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace sockledger::varlink {

/// The client's end of a connection, which is made when it is needed and made anew after it has failed.
/// Threads: one at a time.
class Client {
public:
    static constexpr std::size_t longest_answer = 256 << 20;

    explicit Client(std::string path) : path_(std::move(path)) {}

    const std::string& path() const { return path_; }
    int fd() const { return socket_.get(); }

    Result<void> connect(Deadline deadline);
    /// Calls and waits for the answer. What the service refused is an Error that says what it said.
    Result<boost::json::object> call(std::string_view method, std::string_view parameters, Deadline deadline);
    /// Calls for many answers, which next() gives.
    Result<void> call_more(std::string_view method, std::string_view parameters, Deadline deadline);
    /// Error::code ETIMEDOUT: none has come until then, and one may still come.
    Result<boost::json::object> next(Deadline deadline);

private:
    Result<void> send(const std::string& message, Deadline deadline);
    Result<std::string_view> receive(Deadline deadline);
    Error broken(std::string what, int code);

    std::string path_;
    UniqueFd socket_;
    Splitter answers_{longest_answer};
};

} // namespace sockledger::varlink
