// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"
#include "service/server_access.hpp"
#include "service/server_calls.hpp"
#include "service/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <unordered_map>

namespace sockledger {

struct ServerOptions {
    Access access;
    std::size_t most_clients = 1024;
    std::size_t kept_for_the_privileged = 64;   ///< beyond most_clients, so that nobody can lock root out
    std::size_t most_of_one_user = 512;         ///< unless privileged
    std::chrono::milliseconds patience{30'000}; ///< with a client that does not read what it asked for
};

/// The daemon's service: takes connections, answers their calls from the Backend, and keeps clients from
/// harming each other. Threads: that of the io_context, which must not run once the server is gone.
class Server {
public:
    Server(boost::asio::io_context& loop, Backend& backend, const ServerOptions& options);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Takes connections from a listening AF_UNIX stream socket that does not block.
    Result<void> listen(UniqueFd socket);
    /// Takes one connection, from this peer; closes it when there is no room.
    void adopt(UniqueFd connection, const Peer& peer);

    /// To whoever has subscribed to alerts.
    void publish(const Alert& alert) { calls_.publish(alert); }
    /// From the next connection on.
    void set_access(const Access& access) { options_.access = access; }
    std::size_t clients() const { return sessions_.size(); }

private:
    void wait_for_connection();
    /// False when it makes no sense to try again at once.
    bool accept();
    bool has_room_for(const Peer& peer) const;
    void watch();

    boost::asio::io_context& loop_;
    ServerOptions options_;
    ServerCalls calls_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::steady_timer accept_again_;
    boost::asio::steady_timer watch_;
    bool watching_ = false; // as long as there are sessions
    std::unordered_map<std::shared_ptr<Session>, Caller> sessions_;
};

} // namespace sockledger
