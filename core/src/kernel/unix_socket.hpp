// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <sys/types.h>

/// Stream sockets of the file system. Error::code is the errno; ETIMEDOUT once a deadline has passed.
/// Threads: one at a time for each socket.
namespace sockledger {

using Deadline = std::chrono::steady_clock::time_point;

/// A listening socket and its name in the file system, which goes with it.
class UnixListener {
public:
    /// Makes the directory when it is missing. Takes over the name of one that has died; fails with
    /// EADDRINUSE while somebody listens there or is about to, and never removes what is no socket.
    static Result<UnixListener> open(const std::string& path, mode_t mode);

    UnixListener(UnixListener&&) noexcept = default;
    UnixListener& operator=(UnixListener&&) = delete;
    /// Removes the name, unless it has become somebody else's.
    ~UnixListener();

    /// The socket itself; the name stays with this object.
    UniqueFd release() { return std::move(socket_); }

private:
    UnixListener(UniqueFd socket, UniqueFd lock, std::string path);

    UniqueFd socket_;
    UniqueFd lock_; // held as long as the name is ours
    std::string path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

/// The next connection, without waiting and not inherited by children. Fails with EAGAIN when there is none.
Result<UniqueFd> accept_unix(int listener);

/// Fails with ENOENT or ECONNREFUSED when nobody listens. The socket does not block.
Result<UniqueFd> connect_unix(const std::string& path, Deadline deadline);

/// Never raises SIGPIPE.
Result<void> send_all(int socket, std::string_view bytes, Deadline deadline);

/// At least one byte; 0 when the other side has closed.
Result<std::size_t> receive_some(int socket, std::span<char> buffer, Deadline deadline);

} // namespace sockledger
