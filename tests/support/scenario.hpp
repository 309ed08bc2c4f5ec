// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/peer.hpp"

#include <memory>

namespace sockledger::test {

/// Known traffic between the two ends of a link: who sends what to whom.
struct Scenario {
    /// How what the client sends is related to what the server receives.
    enum class Delivery {
        Mirrored,    ///< one end receives what the other sends
        ToEach,      ///< each process of the server that receives anything receives everything
        FromTheHost, ///< the other side's kernel answers: the client receives as much as it sends
    };

    std::string name; ///< "tcp-bulk over IPv6"
    int family = 4;
    std::vector<std::string> client; ///< arguments of traffic_peer; the addresses are added
    std::vector<std::string> server; ///< empty: the other side's kernel answers
    Delivery delivery = Delivery::Mirrored;
    std::string program;       ///< the client's, see copy_traffic_peer(); empty: traffic_peer itself
    std::string needs;         ///< a capability besides netns, see require.hpp
    bool server_waits = false; ///< the server begins when the client says that it is blocked
    bool early = false;        ///< the connection is there when the peers are ready
};

/// Every kind of traffic, over both families where it has two.
std::vector<Scenario> all_scenarios();

/// A scenario under way: made, both peers are ready and hold what existed before the traffic.
class ScenarioRun {
public:
    ScenarioRun(const Scenario& scenario, const VethEnd& client_end, const VethEnd& server_end);

    /// Lets the traffic flow and waits until all of it has arrived. The peers live on.
    void play();
    /// Closes in order and waits for both ends.
    void leave();

    Peer& client() { return *client_; }
    /// Null when the kernel answers.
    Peer* server() { return server_.get(); }
    const PeerReport& client_report() const { return client_report_; }
    const PeerReport& server_report() const { return server_report_; }
    /// Why what was received is not what was sent; empty when it is.
    std::string difference() const;

private:
    Scenario scenario_;
    std::unique_ptr<Peer> server_;
    std::unique_ptr<Peer> client_;
    PeerReport client_report_;
    PeerReport server_report_;
};

} // namespace sockledger::test
