// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server.hpp"

#include "kernel/unix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sockledger {

using boost::system::error_code;

namespace {

// Long enough not to spin, short enough that nobody notices.
constexpr std::chrono::milliseconds retry_accept{100};

} // namespace

Server::Server(boost::asio::io_context& loop, Backend& backend, const ServerOptions& options)
    : loop_(loop)
    , options_(options)
    , calls_(loop, backend, [this] { return clients(); })
    , acceptor_(loop)
    , accept_again_(loop)
    , watch_(loop) {}

Result<void> Server::listen(UniqueFd socket) {
    error_code failed;
    acceptor_.assign(boost::asio::local::stream_protocol(), socket.get(), failed);
    if (failed)
        return Error{"cannot listen: " + failed.message(), failed.value()};
    socket.release();
    wait_for_connection();
    return {};
}

void Server::wait_for_connection() {
    acceptor_.async_wait(acceptor_.wait_read, [this](error_code failed) {
        if (failed)
            return;
        if (accept())
            return wait_for_connection();
        accept_again_.expires_after(retry_accept);
        accept_again_.async_wait([this](error_code) { wait_for_connection(); });
    });
}

bool Server::accept() {
    auto connection = accept_unix(acceptor_.native_handle());
    if (!connection) {
        // No descriptor or memory left: the connection stays in the queue, and it would wake us at once.
        const int code = connection.error().code;
        return code == EAGAIN || code == EINTR || code == ECONNABORTED;
    }
    if (const auto peer = peer_of(connection->get()))
        adopt(std::move(*connection), *peer);
    return true;
}

bool Server::has_room_for(const Peer& peer) const {
    if (privileged(peer, options_.access))
        return sessions_.size() < options_.most_clients + options_.kept_for_the_privileged;
    if (sessions_.size() >= options_.most_clients)
        return false;
    const auto same =
        std::ranges::count_if(sessions_, [&](const auto& session) { return session.second.uid == peer.uid; });
    return static_cast<std::size_t>(same) < options_.most_of_one_user;
}

void Server::adopt(UniqueFd connection, const Peer& peer) {
    if (!has_room_for(peer))
        return; // and closes it
    Session::Handlers handlers;
    handlers.call = [this](const std::shared_ptr<Session>& session, varlink::Call call) {
        calls_.handle(session, sessions_.at(session), call);
    };
    handlers.closed = [this](const std::shared_ptr<Session>& session) { sessions_.erase(session); };
    auto session = std::make_shared<Session>(loop_, std::move(connection), std::move(handlers));
    if (session->closed())
        return;
    sessions_.emplace(session, Caller{peer.uid, visible_to(peer, options_.access), {}, {}});
    session->start();
    if (!std::exchange(watching_, true))
        watch();
}

void Server::watch() {
    watch_.expires_after(options_.patience / 4);
    watch_.async_wait([this](error_code cancelled) {
        if (cancelled)
            return;
        const auto limit = Session::Clock::now() - options_.patience;
        std::vector<std::shared_ptr<Session>> stalled;
        for (const auto& [session, caller] : sessions_) {
            if (session->stalled_since() < limit)
                stalled.push_back(session);
        }
        for (const auto& session : stalled)
            session->close();
        calls_.forget();
        watching_ = !sessions_.empty();
        if (watching_)
            watch();
    });
}

} // namespace sockledger
