// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/backend.hpp"
#include "service/server_snapshots.hpp"
#include "service/server_subscriptions.hpp"
#include "service/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace sockledger {

/// What the service knows of a client.
struct Caller {
    std::uint32_t uid = 0;
    Visible visible;          ///< everything: may change settings too
    SeenSnapshots::Seen last; ///< of its GetSnapshot calls
    SeenSnapshots::Seen base; ///< the one before: what the rates of `last` count from
};

/// The methods of io.sockledger and of org.varlink.service. Threads: that of the io_context.
class ServerCalls {
public:
    ServerCalls(boost::asio::io_context& loop, Backend& backend, std::function<std::size_t()> clients);

    void handle(const std::shared_ptr<Session>& session, Caller& caller, const varlink::Call& call);
    void publish(const Alert& alert);
    /// Gives back memory that is kept only to save time.
    void forget() { messages_.clear(); }

private:
    struct Request {
        std::shared_ptr<Session> session;
        Caller& caller;
        const boost::json::object& parameters;
    };
    struct Method {
        std::string_view name;
        void (ServerCalls::*handle)(const Request&);
        bool streams = false;
        bool settings = false; ///< takes privilege
    };
    static const Method* find_method(std::string_view name);

    void get_info(const Request&);
    void get_interface_description(const Request&);
    void get_snapshot(const Request&);
    void subscribe(const Request&);
    void get_usage(const Request&);
    void list_interfaces(const Request&);
    void set_monitored_interfaces(const Request&);
    void list_rules(const Request&);
    void set_rule(const Request&);
    void remove_rule(const Request&);
    void list_alerts(const Request&);
    void subscribe_alerts(const Request&);
    void get_status(const Request&);

    Backend& backend_;
    std::function<std::size_t()> clients_;
    SeenSnapshots seen_;
    SnapshotMessages messages_;
    Subscriptions subscriptions_;
    std::vector<std::weak_ptr<Session>> alert_sessions_;
};

} // namespace sockledger
